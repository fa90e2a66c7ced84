# Nobody but a person can tell what was meant: the answer is recorded with all that the customer wrote, and the talk goes on.
edit name=Lan yes
run autumn r1
send
in cái nào đi làm được ấy
ring more
in mặc lúc gặp khách nha em ơi
in tui nói rồi đó
inbox
settle Hoa leather
settle Hoa office
inbox
settle Hoa sporty
in 800k
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
> in cái nào đi làm được ấy
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
> ring more
> in mặc lúc gặp khách nha em ơi
  < reply sms to tel
      Dạ bên em chưa hiểu ý mình ạ.
      Chị Lan thích phong cách nào?
      Mình chọn giúp bên em một số bên dưới nhé.
      (1) Thể thao
      (2) Công sở
  message.received
  reply.unclear style
  message.queued style
> in tui nói rồi đó
  message.received
  reply.unclear style waits_for_more
> inbox
  e4 question "cái nào đi làm được ấy"
> settle Hoa leather
  problem: the question cannot be answered so
> settle Hoa office
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.not_sent style answered_since
  message.not_sent style answered_since
  inbox.closed person
  reply.understood style person
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> inbox
> settle Hoa sporty
  problem: this question has been answered, or is over
> in 800k
  < reply sms to tel
      Cảm ơn Lan!
      Tặng Lan mã AAA giảm 20%: https://lua.vn/o
  message.received
  reply.understood budget
  preference.changed budget declared budget=800000
  offer.given office-20
  message.queued office-20
  conversation.completed budget
