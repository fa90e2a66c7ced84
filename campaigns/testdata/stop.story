# One confirmation, then none; coming back makes the next one possible.
edit name=Lan yes
run autumn r1
run gift g1
in TC
in TC
send
run autumn r2
at 2026-12-05 10:05
edit yes
run autumn r3
in xin chào shop
in alo
in DK
in TC
counts
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
> run autumn r1
  < ad sms to tel
      [QC] Chị Lan thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.queued style
> run gift g1
  conversation.not_asked another_question_is_open
> in TC
  < control sms to tel
      Lụa: Đã nhận yêu cầu từ chối lúc 10:00 05/12/2026. Bên em ngừng gửi tin quảng cáo từ 10:00 05/12/2026. Muốn nhận lại, mình soạn DK.
  message.received
  reply.command stop
  contact.suppressed keyword
  conversation.stopped style opted_out
  conversation.not_asked opted_out
  message.not_sent style opted_out
  consent.changed marketing
  message.queued
> in TC
  message.received
  reply.command stop
  message.not_sent stop_confirmed_before
> send
  message.sent
> run autumn r2
  conversation.not_asked opted_out
> at 2026-12-05 10:05
> edit yes
  consent.changed marketing
  consent.changed still_suppressed
> run autumn r3
  conversation.not_asked opted_out
> in xin chào shop
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
> in alo
  message.received
  inbox.added no_open_question
  message.not_sent answered_today
> in DK
  < control sms to tel
      Lụa: Dạ mình đã đồng ý nhận tin từ Lụa. Cần hướng dẫn, mình soạn HD. Muốn ngừng nhận, mình soạn TC.
  message.received
  reply.command start
  contact.unsuppressed keyword
  consent.changed marketing
  message.queued
> in TC
  < control sms to tel
      Lụa: Đã nhận yêu cầu từ chối lúc 10:05 05/12/2026. Bên em ngừng gửi tin quảng cáo từ 10:05 05/12/2026. Muốn nhận lại, mình soạn DK.
  message.received
  reply.command stop
  contact.suppressed keyword
  consent.changed marketing
  message.queued
> counts
  g1 map[audience:1 excluded:1 held:0]
  r1 map[asked:1 audience:1 excluded:1 opted_out:1 queued:0]
  r2 map[audience:1 excluded:1]
  r3 map[audience:1 excluded:1]
