# Who talks to the customer is not talked over: questions wait, and so do runs. Stopping works as ever.
edit name=Lan yes
run autumn r1
send
in size này còn không shop?
take Hoa
take Nam
say Nam Dạ chào chị
say Hoa Dạ còn size M, chị lấy không ạ?
send
in 2
run club r2
ring lease
inbox
done Hoa
send
take Hoa
in chị cảm ơn nha
back Hoa
send
in 1
take Hoa
say Hoa Chị cần gì thêm ạ?
in TC
say Hoa Dạ em xin lỗi chị ạ
in ok em
say Hoa Dạ em cảm ơn chị ạ
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
> in size này còn không shop?
  < reply sms to tel
      Dạ bên em đã chuyển câu hỏi của mình tới nhân viên ạ.
      Trong lúc chờ, mình giúp bên em câu này nhé.
      Chị Lan thích phong cách nào?
      Mình chọn giúp bên em một số bên dưới nhé.
      (1) Thể thao
      (2) Công sở
  message.received
  reply.unclear style
  inbox.added style question
  message.queued style
> take Hoa
  Hoa until 10:15
  conversation.taken_over
> take Nam
  problem: Hoa talks to this contact
  Hoa until 10:15
> say Nam Dạ chào chị
  problem: Hoa talks to this contact
  Hoa until 10:15
> say Hoa Dạ còn size M, chị lấy không ạ?
  < reply sms to tel
      Dạ còn size M, chị lấy không ạ?
  Hoa until 10:15
  message.queued
  inbox.closed person
> send
  message.held style a_person_talks
  message.sent
> in 2
  message.received
  inbox.added style taken_over
> run club r2
  conversation.not_asked another_question_is_open
> ring lease
  conversation.handed_back lease_over
> inbox
  e11 taken_over "2"
> done Hoa
  inbox.closed done
> send
  message.sent style
> take Hoa
  Hoa until 10:30
  conversation.taken_over
> in chị cảm ơn nha
  message.received
  inbox.added style taken_over
> back Hoa
  < reply sms to tel
      Dạ mình quay lại câu hỏi lúc nãy nhé.
      Chị Lan thích phong cách nào?
      (1) Thể thao
      (2) Công sở
  inbox.closed person
  conversation.handed_back
  message.queued style
> send
  message.sent style
> in 1
  < reply sms to tel
      Cảm ơn Lan!
      Mời Lan xem trước đồ Thể thao: https://lua.vn/s
  < ad sms to tel
      [QC] Mình mặc size nào ạ?
      1. S
      2. M
      3. L
      Tu choi: soan TC
      (1) S
      (2) M
      (3) L
  message.received
  reply.understood style
  preference.changed style declared style=sporty
  offer.given sporty-early
  message.queued sporty-early
  conversation.completed style
  conversation.asked size
  message.queued size
> take Hoa
  Hoa until 10:30
  conversation.taken_over
> say Hoa Chị cần gì thêm ạ?
  < reply sms to tel
      Chị cần gì thêm ạ?
  Hoa until 10:30
  message.queued
> in TC
  < control sms to tel
      Lụa: Đã nhận yêu cầu từ chối lúc 10:15 05/12/2026. Bên em ngừng gửi tin quảng cáo từ 10:15 05/12/2026. Muốn nhận lại, mình soạn DK.
  message.received
  reply.command stop
  contact.suppressed keyword
  conversation.stopped size opted_out
  message.not_sent size opted_out
  consent.changed marketing
  message.queued
> say Hoa Dạ em xin lỗi chị ạ
  problem: they have opted out: only what they write themselves may be answered
> in ok em
  message.received
  inbox.added taken_over
> say Hoa Dạ em cảm ơn chị ạ
  < reply sms to tel
      Dạ em cảm ơn chị ạ
  Hoa until 10:30
  message.queued
  inbox.closed person
