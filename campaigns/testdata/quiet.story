# The first question and the reminder wait for the morning; answers do not.
edit name=Lan yes
at 2026-12-05 23:00
run autumn r1
counts
send
at 2026-12-06 07:00
send
counts
ring remind
send
in 2
at 2026-12-07 23:30
in 700000
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
> counts
  r1 map[asked:1 audience:1 held:1]
> send
> at 2026-12-06 07:00
> send
  message.sent style
> counts
  r1 map[asked:1 audience:1 held:0 sent:1]
> ring remind
  conversation.reminded style
  message.queued style
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
> at 2026-12-07 23:30
> in 700000
  < reply sms to tel
      Cảm ơn Lan!
      Tặng Lan mã AAA giảm 20%: https://lua.vn/o
  message.received
  reply.understood budget
  preference.changed budget declared budget=700000
  offer.given office-20
  message.queued office-20
  conversation.completed budget
