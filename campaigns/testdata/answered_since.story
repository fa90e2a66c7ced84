# What was answered elsewhere while the question waits for the morning is not asked: the next one is, in its place.
edit name=Lan yes
at 2026-12-05 21:00
run autumn r1
send
ring expire
at 2026-12-08 23:00
run autumn r2
in công sở em nhé
counts
at 2026-12-09 07:00
send
counts
in 700k
send
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
> run autumn r2
  < ad sms to tel at 2026-12-09 07:00
      [QC] Chị Lan thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.held style quiet_hours
> in công sở em nhé
  < reply sms to tel
      Dạ bên em đã ghi nhận Công sở ạ.
  < ad sms to tel at 2026-12-09 07:00
      [QC] Ngân sách cho một bộ khoảng bao nhiêu ạ?
      Tu choi: soan TC
  message.received
  reply.understood style late
  preference.changed style declared style=office
  message.queued
  message.not_sent style answered_since
  conversation.asked budget
  message.held budget quiet_hours
> counts
  r1 map[answered:1 asked:1 audience:1 queued:0 sent:1]
  r2 map[asked:1 audience:1 held:1]
> at 2026-12-09 07:00
> send
  message.sent
  message.sent budget
> counts
  r1 map[answered:1 asked:1 audience:1 queued:0 sent:1]
  r2 map[asked:1 audience:1 held:0 sent:1]
> in 700k
  < reply sms to tel
      Cảm ơn Lan!
      Tặng Lan mã AAA giảm 20%: https://lua.vn/o
  message.received
  reply.understood budget
  preference.changed budget declared budget=700000
  offer.given office-20
  message.queued office-20
  conversation.completed budget
> send
  message.sent
> counts
  r1 map[answered:1 asked:1 audience:1 queued:0 sent:1]
  r2 map[answered:1 asked:1 audience:1 completed:1 held:0 offered:1 sent:1]
