# What is written before the question has left is no answer to it, and does not bring it forward; afterwards it is.
edit name=Lan yes
at 2026-12-05 23:00
run autumn r1
in 2
in shop ơi còn hàng không
in cảm ơn shop
send
at 2026-12-06 07:00
send
in 2
counts
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
> at 2026-12-05 23:00
> run autumn r1
  < ad sms to tel at 2026-12-06 07:00
      [QC] Chị Lan thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.held style quiet_hours
> in 2
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
> in shop ơi còn hàng không
  message.received
  inbox.added no_open_question
  message.not_sent answered_today
> in cảm ơn shop
  < reply sms to tel
      Dạ Lụa cảm ơn mình ạ!
  message.received
  message.queued
> send
  message.sent
  message.sent
> at 2026-12-06 07:00
> send
  message.sent style
> in 2
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  reply.understood style
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> counts
  r1 map[answered:1 asked:1 audience:1 held:0 sent:1]
