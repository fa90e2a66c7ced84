# Thanks are answered, and nobody needs to look. Who goes on thanking is answered three times a day.
edit name=Lan yes
run autumn r1
send
in 2
in 500k
in cam on shop nhieu
in cảm ơn shop nha 🥰
in thanks
in tks ạ
in cảm ơn, mà mã dùng ở đâu vậy
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
> in cam on shop nhieu
  < reply sms to tel
      Dạ Lụa cảm ơn mình ạ!
  message.received
  message.queued
> in cảm ơn shop nha 🥰
  < reply sms to tel
      Dạ Lụa cảm ơn mình ạ!
  message.received
  message.queued
> in thanks
  < reply sms to tel
      Dạ Lụa cảm ơn mình ạ!
  message.received
  message.queued
> in tks ạ
  message.received
  message.not_sent answered_today
> in cảm ơn, mà mã dùng ở đâu vậy
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
