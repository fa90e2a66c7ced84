# What would not have been asked after the first answer is not recorded.
edit name=Lan yes
run autumn r1
in thể thao, tầm 700k
edit name=Mai
at 2027-12-05 10:00
run autumn r2
in công sở, khoảng 700k
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
> in thể thao, tầm 700k
  < reply sms to tel
      Cảm ơn Lan!
      Mời Lan xem trước đồ Thể thao: https://lua.vn/s
  message.received
  reply.understood style
  preference.changed style declared style=sporty
  reply.unclear budget when_false
  offer.given sporty-early
  message.queued sporty-early
  conversation.completed style
> edit name=Mai
  contact.edited
> at 2027-12-05 10:00
> run autumn r2
  < ad sms to tel
      [QC] Chị Mai thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.queued style
> in công sở, khoảng 700k
  < reply sms to tel
      Cảm ơn Mai!
      Tặng Mai mã AAA giảm 20%: https://lua.vn/o
  message.received
  reply.understood style
  preference.changed style declared style=office was sporty
  reply.understood budget anticipated
  preference.changed budget declared budget=700000
  offer.given office-20
  message.queued office-20
  conversation.completed style
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:1]
  r2 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:1]
