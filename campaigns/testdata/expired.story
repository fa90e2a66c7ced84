# Nobody answers: the conversation ends, and the run that waited gets its turn. A late answer is thanked.
edit name=Lan yes
run autumn r1
run gift g1
send
ring remind
send
ring expire
send
ring expire
in 2
in 2
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
> run gift g1
  conversation.not_asked another_question_is_open
> send
  message.sent style
> ring remind
  conversation.reminded style
  message.queued style
> send
  message.sent style
> ring expire
  conversation.expired style no_answer
  conversation.asked gift
  message.queued gift
> send
  message.sent gift
> ring expire
  conversation.expired gift no_answer
> in 2
  < reply sms to tel
      Dạ cảm ơn Lan đã trả lời. Câu hỏi này đã khép lại rồi ạ, bên em đã chuyển tin của mình tới nhân viên.
  message.received
  inbox.added late
  message.queued
> in 2
  message.received
  inbox.added late
  message.not_sent answered_today
> counts
  g1 map[asked:1 audience:1 held:0 queued:0 sent:1]
  r1 map[asked:1 audience:1 queued:0 sent:1]
