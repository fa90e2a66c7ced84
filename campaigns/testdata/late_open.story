# While another question is open an option's name finds its own question; a number is the open one's.
edit name=Lan yes
run autumn r1
run club r2
send
ring expire
send
in công sở em nhé
in 2
in bỏ qua
in xanh nha
in size M
ring more
at 2026-12-08 12:00
in L
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
> run club r2
  conversation.not_asked another_question_is_open
> send
  message.sent style
> ring expire
  conversation.expired style no_answer
  conversation.asked size
  message.queued size
> send
  message.sent size
> in công sở em nhé
  < reply sms to tel
      Dạ bên em đã ghi nhận Công sở ạ.
      Mình mặc size nào ạ?
      (1) S
      (2) M
      (3) L
  message.received
  reply.understood style late
  preference.changed style declared style=office
  message.queued size
> in 2
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
> in bỏ qua
  < reply sms to tel
      Mình cho em xin email ạ?
  message.received
  reply.declined colour
  conversation.asked email
  message.queued email
> in xanh nha
  < reply sms to tel
      Dạ bên em đã ghi nhận Xanh ạ.
      Mình cho em xin email ạ?
  message.received
  reply.understood colour late
  preference.changed colour declared colour=blue
  message.queued email
> in size M
  message.received
  reply.unclear email waits_for_more
> ring more
  reply.unclear email
  message.queued email
> at 2026-12-08 12:00
> in L
  message.received
  reply.unclear email waits_for_more
> counts
  r1 map[answered:1 asked:1 audience:1 queued:0 sent:1]
  r2 map[answered:1 asked:1 audience:1 held:0 queued:0 sent:1]
