# Asked again twice in other words, then a person takes over; a clear answer is still read. A question is no try.
edit name=Lan yes
run autumn r1
send
in trời hôm nay mưa to ghê
in size này còn không shop?
in hmm
ring more
in hmm hmm
ring more
in hmm
in 1
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
> in trời hôm nay mưa to ghê
  < reply sms to tel
      Dạ bên em chưa hiểu ý mình ạ.
      Chị Lan thích phong cách nào?
      Mình chọn giúp bên em một số bên dưới nhé.
      (1) Thể thao
      (2) Công sở
  message.received
  reply.unclear style
  message.queued style
> in size này còn không shop?
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
> in hmm
  message.received
  reply.unclear style waits_for_more
> ring more
  reply.unclear style
  message.queued style
> in hmm hmm
  message.received
  reply.unclear style waits_for_more
> ring more
  reply.unclear style
  inbox.added style unclear
  message.queued
> in hmm
  message.received
  reply.unclear style
  inbox.added style unclear
  message.not_sent answered_today
> in 1
  < reply sms to tel
      Cảm ơn Lan!
      Mời Lan xem trước đồ Thể thao: https://lua.vn/s
  message.received
  reply.understood style
  preference.changed style declared style=sporty
  inbox.closed answered
  inbox.closed answered
  offer.given sporty-early
  message.queued sporty-early
  conversation.completed style
