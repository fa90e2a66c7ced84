# An address with an error in a well-known domain is asked back, never mended in silence.
edit name=Lan yes
run club r1
send
in M
in trắng
in lan.nguyen@gmial.com
in 1
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
> send
  message.sent size
> in M
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
> in trắng
  < reply sms to tel
      Mình cho em xin email ạ?
  message.received
  reply.understood colour
  preference.changed colour declared colour=white
  conversation.asked email
  message.queued email
> in lan.nguyen@gmial.com
  < reply sms to tel
      Dạ ý mình là lan.nguyen@gmail.com phải không ạ? Trả lời 1 nếu đúng ạ.
  message.received
  reply.unclear email asked_back
  message.queued email
> in 1
  < reply sms to tel
      Cảm ơn Lan đã trả lời ạ!
      Nhắn TUVAN để được tư vấn riêng ạ.
  message.received
  reply.understood email confirmed
  preference.changed email declared email=lan.nguyen@gmail.com
  offer.given advice
  message.queued advice
  conversation.completed email
