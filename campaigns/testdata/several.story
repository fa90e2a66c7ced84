# One message may answer what would be asked later: each part its own question.
edit name=Lan yes
run club r1
in size M, màu đen
in lan@vidu.vn
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
> run club r1
  < ad sms to tel
      [QC] Mình mặc size nào ạ?
      1. S
      2. M
      3. L
      Tu choi: soan TC
      (1) S
      (2) M
      (3) L
  conversation.asked size
  message.queued size
> in size M, màu đen
  < reply sms to tel
      Mình cho em xin email ạ?
  message.received
  reply.understood size
  preference.changed size declared size=m
  reply.understood colour anticipated
  preference.changed colour declared colour=black
  conversation.asked email
  message.queued email
> in lan@vidu.vn
  < reply sms to tel
      Cảm ơn Lan đã trả lời ạ!
      Nhắn TUVAN để được tư vấn riêng ạ.
  message.received
  reply.understood email
  preference.changed email declared email=lan@vidu.vn
  offer.given advice
  message.queued advice
  conversation.completed email
