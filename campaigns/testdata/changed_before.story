# A change of mind about an answer before the last one, when all is answered: only that question has the option that is
# named. What is no option goes to a person.
edit name=Lan yes
run autumn r1
send
in 2
in 500k
in a nhầm, thể thao mới đúng
in à nhầm, xanh lá
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
> in 2
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  reply.understood style
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> in 500k
  < reply sms to tel
      Cảm ơn Lan!
      Tặng Lan mã AAA giảm 20%: https://lua.vn/o
  message.received
  reply.understood budget
  preference.changed budget declared budget=500000
  offer.given office-20
  message.queued office-20
  conversation.completed budget
> in a nhầm, thể thao mới đúng
  < reply sms to tel
      Dạ bên em sửa lại thành Thể thao rồi ạ.
  message.received
  reply.understood style changed
  preference.changed style declared style=sporty was office
  message.queued
> in à nhầm, xanh lá
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
