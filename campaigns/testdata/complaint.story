# A complaint goes to a person, with an apology. Our question is not asked again and stays open; what was said beside a
# complaint counts.
edit name=Lan yes
run autumn r1
send
in đặt từ thứ 2 tới giờ chưa nhận được hàng
in làm ăn kiểu gì vậy
in công sở nha, mà lần trước giao thiếu hàng
in nhân viên thái độ quá, 500k
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
> send
  message.sent style
> in đặt từ thứ 2 tới giờ chưa nhận được hàng
  < reply sms to tel
      Dạ bên em rất xin lỗi mình vì sự bất tiện này ạ. Nhân viên của Lụa sẽ xem và liên hệ mình sớm.
  message.received
  reply.unclear style
  inbox.added style complaint
  message.queued
> in làm ăn kiểu gì vậy
  message.received
  reply.unclear style
  inbox.added style complaint
  message.not_sent answered_today
> in công sở nha, mà lần trước giao thiếu hàng
  < reply sms to tel
      Dạ bên em rất xin lỗi mình vì sự bất tiện này ạ. Nhân viên của Lụa sẽ xem và liên hệ mình sớm.
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  inbox.added style complaint
  reply.understood style
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> in nhân viên thái độ quá, 500k
  < reply sms to tel
      Dạ bên em rất xin lỗi mình vì sự bất tiện này ạ. Nhân viên của Lụa sẽ xem và liên hệ mình sớm.
      Cảm ơn Lan!
      Tặng Lan mã AAA giảm 20%: https://lua.vn/o
  message.received
  inbox.added budget complaint
  reply.understood budget
  preference.changed budget declared budget=500000
  offer.given office-20
  message.queued office-20
  conversation.completed budget
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:0 sent:1]
