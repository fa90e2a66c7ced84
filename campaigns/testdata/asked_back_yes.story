# A reminder shows the question anew, so that what was asked back before is over. A yes in words counts as well.
edit name=Lan yes
run autumn r1
send
in cong xo
send
ring remind
send
in đúng rồi em
in công xở
in đúng rồi em
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
  < reply sms to tel
      Dạ bên em chưa hiểu ý mình ạ.
      Chị Lan thích phong cách nào?
      Mình chọn giúp bên em một số bên dưới nhé.
      Muốn bỏ qua, mình soạn: bỏ qua.
      (1) Thể thao
      (2) Công sở
  message.received
  reply.unclear style
  message.queued style
> in công xở
  < reply sms to tel
      Dạ bên em xin lỗi vì chưa hiểu đúng ý mình. Nhân viên của Lụa sẽ đọc và trả lời mình ạ.
  message.received
  reply.unclear style
  inbox.added style unclear
  message.queued
> in đúng rồi em
  message.received
  reply.unclear style
  inbox.added style unclear
  message.not_sent answered_today
