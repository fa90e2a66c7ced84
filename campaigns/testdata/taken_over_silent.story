# Whoever takes a customer over and says nothing leaves nobody without an answer: what they had begun to write waits for a person, and the question is asked again.
edit name=Lan yes
run autumn r1
send
in em thích
take Hoa
inbox
ring lease
send
take Hoa
in 2
inbox
ring lease
send
in 2
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
> in em thích
  message.received
  reply.unclear style waits_for_more
> take Hoa
  Hoa until 10:15
  conversation.taken_over
  inbox.added style taken_over
> inbox
  e5 taken_over "em thích"
> ring lease
  conversation.handed_back lease_over
  message.queued style
> send
  message.sent style
> take Hoa
  Hoa until 10:30
  conversation.taken_over
> in 2
  message.received
  inbox.added style taken_over
> inbox
  e5 taken_over "em thích"
  e9 taken_over "2"
> ring lease
  conversation.handed_back lease_over
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
