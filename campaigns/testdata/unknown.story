# Somebody writes whom we do not know.
in chào shop
in có ai không
at 2026-12-07 10:00
in alo
in START
erase
----
> in chào shop
  < reply sms to tel
      Dạ chào mình, Lụa đã nhận được tin. Nhân viên sẽ trả lời mình sớm ạ.
  contact.created message_in
  message.received
  inbox.added unknown_writer
  message.queued
> in có ai không
  message.received
  inbox.added no_open_question
  message.not_sent answered_today
> at 2026-12-07 10:00
> in alo
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
> in START
  < control sms to tel
      Lụa: Dạ mình đã đồng ý nhận tin từ Lụa. Cần hướng dẫn, mình soạn HD. Muốn ngừng nhận, mình soạn TC.
  message.received
  reply.command start
  consent.changed marketing
  message.queued
> erase
  erased, suppressed [tel:+84901234567]
