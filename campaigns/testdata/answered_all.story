# Where nothing is left to ask, the run says so and the conversation is over.
edit name=Lan yes
at 2026-12-05 21:00
run autumn r1
send
ring expire
at 2026-12-08 23:00
run autumn r2
in thể thao
counts
at 2026-12-09 07:00
send
run gift r3
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
> in thể thao
  < reply sms to tel
      Dạ bên em đã ghi nhận Thể thao ạ.
  message.received
  reply.understood style late
  preference.changed style declared style=sporty
  message.queued
  message.not_sent style answered_since
  conversation.not_asked nothing_to_ask
  conversation.stopped style answered_since
> counts
  r1 map[answered:1 asked:1 audience:1 queued:0 sent:1]
  r2 map[asked:1 audience:1 excluded:1 held:0]
> at 2026-12-09 07:00
> send
  message.sent
> run gift r3
  < ad sms to tel
      [QC] Mình mua làm quà phải không ạ?
      Tu choi: soan TC
  conversation.asked gift
  message.queued gift
