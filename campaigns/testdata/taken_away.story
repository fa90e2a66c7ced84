# On their own page they take away what they told us: it is not asked for again. What is gone, or was never told, takes nothing away.
edit name=Lan yes
run autumn r1
send
in 2
in 700k
away budget
away budget
away size
in DU LIEU
run autumn r2
send
edit claim=imported
away style
in DATA
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
> in 2
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  reply.understood style
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> in 700k
  < reply sms to tel
      Cảm ơn Lan!
      Tặng Lan mã AAA giảm 20%: https://lua.vn/o
  message.received
  reply.understood budget
  preference.changed budget declared budget=700000
  offer.given office-20
  message.queued office-20
  conversation.completed budget
> away budget
  preference.changed taken_away
> away budget
> away size
> in DU LIEU
  < control sms to tel
      Lụa: Dạ bên em đã nhận yêu cầu xem dữ liệu. Hiện bên em lưu về mình:
      Tên: Lan
      Nhận tin quảng cáo: có
      - Phong cách: Công sở
      Muốn sửa hoặc xóa, mình nhắn bên em bất cứ lúc nào ạ.
      Mình xem, tải về hoặc xóa tại đây ạ (24 giờ, chỉ dành cho mình): {{page}}
  message.received
  reply.command data
  inbox.added data
  message.queued
> run autumn r2
  conversation.not_asked nothing_to_ask
> send
  message.sent budget
  message.sent
  message.sent
> edit claim=imported
  contact.edited declared_kept
> away style
  preference.changed taken_away
> in DATA
  < control sms to tel
      Lụa: Dạ bên em đã nhận yêu cầu xem dữ liệu. Hiện bên em lưu về mình:
      Tên: Lan
      Nhận tin quảng cáo: có
      Muốn sửa hoặc xóa, mình nhắn bên em bất cứ lúc nào ạ.
      Mình xem, tải về hoặc xóa tại đây ạ (24 giờ, chỉ dành cho mình): {{page}}
  message.received
  reply.command data
  inbox.added data
  message.queued
