# A customer's question goes to a person. Ours stays open and is asked once more; whoever goes on asking is not nagged,
# and a clear answer is read whenever it comes.
edit name=Lan yes
run autumn r1
send
in size này còn không shop
in ship ra Huế mất mấy ngày vậy?
in có freeship không em?
at 2026-12-08 09:00
in có freeship không em?
in công sở nha, mà ship bao nhiêu vậy?
in 700k, có áo dài không shop?
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
> in size này còn không shop
  < reply sms to tel
      Dạ bên em đã chuyển câu hỏi của mình tới nhân viên ạ.
      Trong lúc chờ, mình giúp bên em câu này nhé.
      Chị Lan thích phong cách nào?
      Mình chọn giúp bên em một số bên dưới nhé.
      (1) Thể thao
      (2) Công sở
  message.received
  reply.unclear style
  inbox.added style question
  message.queued style
> in ship ra Huế mất mấy ngày vậy?
  < reply sms to tel
      Dạ bên em đã nhận được tin, nhân viên của Lụa sẽ trả lời mình ạ.
  message.received
  reply.unclear style
  inbox.added style question
  message.queued
> in có freeship không em?
  message.received
  reply.unclear style
  inbox.added style question
  message.not_sent answered_today
> at 2026-12-08 09:00
> in có freeship không em?
  < reply sms to tel
      Dạ bên em đã chuyển câu hỏi của mình tới nhân viên ạ.
      Trong lúc chờ, mình giúp bên em câu này nhé.
      Chị Lan thích phong cách nào?
      Mình chọn giúp bên em một số bên dưới nhé.
      (1) Thể thao
      (2) Công sở
  message.received
  reply.unclear style
  inbox.added style question
  message.queued style
> in công sở nha, mà ship bao nhiêu vậy?
  < reply sms to tel
      Dạ bên em đã chuyển câu hỏi của mình tới nhân viên ạ.
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  inbox.added style question
  reply.understood style
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> in 700k, có áo dài không shop?
  < reply sms to tel
      Dạ bên em đã chuyển câu hỏi của mình tới nhân viên ạ.
      Cảm ơn Lan!
      Tặng Lan mã AAA giảm 20%: https://lua.vn/o
  message.received
  inbox.added budget question
  reply.understood budget
  preference.changed budget declared budget=700000
  offer.given office-20
  message.queued office-20
  conversation.completed budget
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:0 sent:1]
