# An answer that comes after its question has expired goes on from there, once.
edit name=Lan yes
run autumn r1
send
ring expire
in công sở em nhé
in 700k
in 2
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
> ring expire
  conversation.expired style no_answer
> in công sở em nhé
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  reply.understood style late
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
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
> in 2
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:0 sent:1]
