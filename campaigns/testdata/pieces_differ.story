# What the last piece says alone, and not together with the others, is asked back.
edit name=Lan yes
run autumn r1
send
in không
in thể thao
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
> in không
  message.received
  reply.unclear style waits_for_more
> in thể thao
  < reply sms to tel
      Dạ ý mình là Thể thao phải không ạ? Trả lời 1 nếu đúng ạ.
  message.received
  reply.unclear style asked_back
  message.queued style
> in 1
  < reply sms to tel
      Cảm ơn Lan!
      Mời Lan xem trước đồ Thể thao: https://lua.vn/s
  message.received
  reply.understood style confirmed
  preference.changed style declared style=sporty
  offer.given sporty-early
  message.queued sporty-early
  conversation.completed style
