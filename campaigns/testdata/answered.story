# Two questions, both answered; the offer comes with the thanks.
edit name=Lan yes
run autumn r1
send
report delivered
in 2
in 600000
send
counts
# The same run again asks nobody twice; another one finds nothing left to ask.
run autumn r1
run autumn r2
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
> report delivered
  message.delivered style
> in 2
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  reply.understood style
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> in 600000
  < reply sms to tel
      Cảm ơn Lan!
      Tặng Lan mã AAA giảm 20%: https://lua.vn/o
  message.received
  reply.understood budget
  preference.changed budget declared budget=600000
  offer.given office-20
  message.queued office-20
  conversation.completed budget
> send
  message.sent budget
  message.sent
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 delivered:1 offered:1 queued:0 sent:1]
> run autumn r1
  conversation.not_asked already_asked
> run autumn r2
  conversation.not_asked nothing_to_ask
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 delivered:1 offered:1 queued:0 sent:1]
  r2 map[audience:1 excluded:1]
