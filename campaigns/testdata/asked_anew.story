# Who asks something after we have talked of other things is told again that somebody looks; who says more of it right away is not.
edit name=Lan yes
in shop ơi
in có ai không
run autumn r1
send
in 1
in mà khi nào có hàng vậy shop
in alo
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
> in shop ơi
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
> in có ai không
  message.received
  inbox.added no_open_question
  message.not_sent answered_today
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
  message.sent
  message.sent style
> in 1
  < reply sms to tel
      Cảm ơn Lan!
      Mời Lan xem trước đồ Thể thao: https://lua.vn/s
  message.received
  reply.understood style
  preference.changed style declared style=sporty
  offer.given sporty-early
  message.queued sporty-early
  conversation.completed style
> in mà khi nào có hàng vậy shop
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
> in alo
  message.received
  inbox.added no_open_question
  message.not_sent answered_today
