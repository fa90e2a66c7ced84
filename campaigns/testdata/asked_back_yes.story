# A reminder shows the question anew, so that what was asked back before is over. A yes in words, or in two pieces, counts.
edit name=Lan yes
run autumn r1
send
in cong xo
send
ring remind
send
in đúng rồi em
ring more
in 2
in 5tr
run autumn r2
run club r3
in M
in trắng
in lan@yaho.com
in ủa đợi xíu
in đúng rồi nha
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
> in cong xo
  < reply sms to tel
      Dạ ý mình là Công sở phải không ạ? Trả lời 1 nếu đúng ạ.
  message.received
  reply.unclear style asked_back
  message.queued style
> send
  message.sent style
> ring remind
  conversation.reminded style
  message.queued style
> send
  message.sent style
> in đúng rồi em
  message.received
  reply.unclear style waits_for_more
> ring more
  reply.unclear style
  message.queued style
> in 2
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  reply.understood style
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> in 5tr
  < reply sms to tel
      Cảm ơn Lan!
      Tặng Lan mã AAA giảm 20%: https://lua.vn/o
  message.received
  reply.understood budget
  preference.changed budget declared budget=5e+06
  offer.given office-20
  message.queued office-20
  conversation.completed budget
> run autumn r2
  conversation.not_asked nothing_to_ask
> run club r3
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
> in trắng
  < reply sms to tel
      Mình cho em xin email ạ?
  message.received
  reply.understood colour
  preference.changed colour declared colour=white
  conversation.asked email
  message.queued email
> in lan@yaho.com
  < reply sms to tel
      Dạ ý mình là lan@yahoo.com phải không ạ? Trả lời 1 nếu đúng ạ.
  message.received
  reply.unclear email asked_back
  message.queued email
> in ủa đợi xíu
  message.received
  reply.unclear email waits_for_more
> in đúng rồi nha
  < reply sms to tel
      Cảm ơn Lan đã trả lời ạ!
      Nhắn TUVAN để được tư vấn riêng ạ.
  message.received
  reply.understood email confirmed
  preference.changed email declared email=lan@yahoo.com
  offer.given advice
  message.queued advice
  conversation.completed email
