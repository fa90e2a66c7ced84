# While the next question is open: the change counts as no try. What fits both questions is asked again.
edit name=Lan yes
run club r1
in M
in à nhầm, L nha
in à nhầm, 1
in à nhầm
ring more
in đen
in đổi qua trắng đi
in L
ring more
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
> in à nhầm, L nha
  < reply sms to tel
      Dạ bên em sửa lại thành L rồi ạ.
      Mình thích màu nào ạ?
      (1) Đen
      (2) Trắng
      (3) Xanh
  message.received
  reply.understood size changed
  preference.changed size declared size=l was m
  message.queued colour
> in à nhầm, 1
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
> in à nhầm
  message.received
  reply.unclear colour waits_for_more
> ring more
  reply.unclear colour
  message.queued colour
> in đen
  < reply sms to tel
      Mình cho em xin email ạ?
  message.received
  reply.understood colour
  preference.changed colour declared colour=black
  conversation.asked email
  message.queued email
> in đổi qua trắng đi
  < reply sms to tel
      Dạ bên em sửa lại thành Trắng rồi ạ.
      Mình cho em xin email ạ?
  message.received
  reply.understood colour changed
  preference.changed colour declared colour=white was black
  message.queued email
> in L
  message.received
  reply.unclear email waits_for_more
> ring more
  reply.unclear email
  message.queued email
