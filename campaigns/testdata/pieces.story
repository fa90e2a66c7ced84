# People write in pieces: what is no answer yet waits some seconds for the rest, and both are the evidence.
edit name=Lan yes
run autumn r1
send
in em thích
in công sở á
in tầm
in cỡ
in 700k
ring more
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
> send
  message.sent style
> in em thích
  message.received
  reply.unclear style waits_for_more
> in công sở á
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  reply.understood style
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> in tầm
  message.received
  reply.unclear budget waits_for_more
> in cỡ
  message.received
  reply.unclear budget waits_for_more
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
> ring more
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:0 sent:1]
