# An answer to the question before is taken while the next one is held until the morning, and that one still goes.
edit name=Lan yes
at 2026-12-05 21:00
run autumn r1
send
ring expire
at 2026-12-08 23:00
run club r2
in công sở em nhé
at 2026-12-09 07:00
send
in 2
counts
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
> at 2026-12-05 21:00
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
> send
  message.sent style
> ring expire
  conversation.expired style no_answer
> at 2026-12-08 23:00
> run club r2
  < ad sms to tel at 2026-12-09 07:00
      [QC] Mình mặc size nào ạ?
      1. S
      2. M
      3. L
      Tu choi: soan TC
      (1) S
      (2) M
      (3) L
  conversation.asked size
  message.held size quiet_hours
> in công sở em nhé
  < reply sms to tel
      Dạ bên em đã ghi nhận Công sở ạ.
  message.received
  reply.understood style late
  preference.changed style declared style=office
  message.queued
> at 2026-12-09 07:00
> send
  message.sent size
  message.sent
> in 2
  < reply sms to tel
      Mình thích màu nào ạ?
      (1) Đen
      (2) Trắng
      (3) Xanh
  message.received
  reply.understood size
  preference.changed size declared size=m
  conversation.asked colour
  message.queued colour
> counts
  r1 map[answered:1 asked:1 audience:1 queued:0 sent:1]
  r2 map[answered:1 asked:1 audience:1 held:0 sent:1]
