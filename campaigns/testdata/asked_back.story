# Likely is not sure: it is asked back. A yes records it, a no and another answer are heard as answers to the question.
edit name=Lan yes
run autumn r1
send
in cong xo nha
in 1
in khoảng 600k
run autumn r2
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
> in cong xo nha
  < reply sms to tel
      Dạ ý mình là Công sở phải không ạ? Trả lời 1 nếu đúng ạ.
  message.received
  reply.unclear style asked_back
  message.queued style
> in 1
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  reply.understood style confirmed
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> in khoảng 600k
  < reply sms to tel
      Cảm ơn Lan!
      Tặng Lan mã AAA giảm 20%: https://lua.vn/o
  message.received
  reply.understood budget
  preference.changed budget declared budget=600000
  offer.given office-20
  message.queued office-20
  conversation.completed budget
> run autumn r2
  conversation.not_asked nothing_to_ask
