# Parts that are not clear for exactly one question, and numbers that do not say what of, are nobody's answer.
edit name=Lan yes
run club r1
in M, 2
in M, màu đen hoặc trắng
in đen, trắng
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
> in M, 2
  < reply sms to tel
      Mình thích màu nào ạ?
      (1) Đen
      (2) Trắng
      (3) Xanh
  message.received
  reply.understood size
  preference.changed size declared size=m
  conversation.asked colour
  message.queued colour
> in M, màu đen hoặc trắng
  < reply sms to tel
      Dạ bên em đã ghi nhận M ạ.
      Mình thích màu nào ạ?
      (1) Đen
      (2) Trắng
      (3) Xanh
  message.received
  reply.understood size late
  preference.changed size declared size=m was m
  message.queued colour
> in đen, trắng
  < reply sms to tel
      Dạ bên em chưa hiểu ý mình ạ.
      Mình thích màu nào ạ?
      Mình chọn giúp bên em một số bên dưới nhé.
      (1) Đen
      (2) Trắng
      (3) Xanh
  message.received
  reply.unclear colour
  message.queued colour
