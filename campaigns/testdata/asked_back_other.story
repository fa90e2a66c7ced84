# Another answer counts as that; yes and another answer at once is neither. Help in between changes nothing.
edit name=Lan yes
run autumn r1
send
in cong xo
in đúng rồi, thể thao
in cong xo
ring more
in HD
in thể thao
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
> in đúng rồi, thể thao
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
> in cong xo
  message.received
  reply.unclear style waits_for_more
> ring more
  reply.unclear style
  inbox.added style unclear
  message.queued
> in HD
  < control sms to tel
      Lụa: Mình trả lời tin nhắn bằng lời hoặc bằng số thứ tự. Ngừng nhận tin: soạn TC. Xem dữ liệu: DU LIEU. Xóa dữ liệu: XOA DU LIEU. Gặp nhân viên: NV.
      Liên hệ: 1900 1234
  message.received
  reply.command help
  message.queued
> in thể thao
  < reply sms to tel
      Cảm ơn Lan!
      Mời Lan xem trước đồ Thể thao: https://lua.vn/s
  message.received
  reply.understood style
  preference.changed style declared style=sporty
  inbox.closed answered
  offer.given sporty-early
  message.queued sporty-early
  conversation.completed style
