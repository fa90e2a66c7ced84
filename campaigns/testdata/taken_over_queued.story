# What was on its way when somebody takes the customer over is held, and leaves once when they are handed back or the lease runs out; what
# the person writes leaves at once, and a question that they settle is not asked again.
edit name=Lan yes
run autumn r1
take Hoa
send
say Hoa Dạ em chào chị
send
counts
back Hoa
send
send
counts
in TC
take Hoa
in DK
send
back Hoa
run autumn r3
take Nam
send
ring lease
send
send
in đồ nào mặc mát mát ấy
in mặc mát mát
take Hoa
send
settle Hoa office
send
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
> take Hoa
  Hoa until 10:15
  conversation.taken_over
> send
  message.held style a_person_talks
> say Hoa Dạ em chào chị
  < reply sms to tel
      Dạ em chào chị
  Hoa until 10:15
  message.queued
> send
  message.sent
> counts
  r1 map[asked:1 audience:1 held:1 queued:0]
> back Hoa
  conversation.handed_back
> send
  message.sent style
> send
> counts
  r1 map[asked:1 audience:1 held:0 queued:0 sent:1]
> in TC
  < control sms to tel
      Lụa: Đã nhận yêu cầu từ chối lúc 10:00 05/12/2026. Bên em ngừng gửi tin quảng cáo từ 10:00 05/12/2026. Muốn nhận lại, mình soạn DK.
  message.received
  reply.command stop
  contact.suppressed keyword
  conversation.stopped style opted_out
  consent.changed marketing
  message.queued
> take Hoa
  Hoa until 10:15
  conversation.taken_over
> in DK
  < control sms to tel
      Lụa: Dạ mình đã đồng ý nhận tin từ Lụa. Cần hướng dẫn, mình soạn HD. Muốn ngừng nhận, mình soạn TC.
  message.received
  reply.command start
  contact.unsuppressed keyword
  consent.changed marketing
  message.queued
> send
  message.sent
  message.sent
> back Hoa
  conversation.handed_back
> run autumn r3
  < ad sms to tel
      [QC] Chị Lan thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.queued style
> take Nam
  Nam until 10:15
  conversation.taken_over
> send
  message.held style a_person_talks
> ring lease
  conversation.handed_back lease_over
> send
  message.sent style
> send
> in đồ nào mặc mát mát ấy
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
> in mặc mát mát
  message.received
  reply.unclear style waits_for_more
> take Hoa
  Hoa until 10:30
  conversation.taken_over
  inbox.added style taken_over
> send
  message.held style a_person_talks
> settle Hoa office
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.not_sent style answered_since
  inbox.closed person
  reply.understood style person
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
> send
  message.sent budget
