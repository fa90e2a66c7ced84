# An answer that a person reads days later still counts, and what it earned is given once. Whoever would rather not say is let go.
edit name=Lan yes
run autumn r1
send
in hmm đi làm
ring more
in đi làm ấy
ring more
in đi làm mà
ring more
ring expire
inbox
settle Hoa -
done Hoa
done Nam
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
> in hmm đi làm
  message.received
  reply.unclear style waits_for_more
> ring more
  reply.unclear style
  message.queued style
> in đi làm ấy
  message.received
  reply.unclear style waits_for_more
> ring more
  reply.unclear style
  message.queued style
> in đi làm mà
  message.received
  reply.unclear style waits_for_more
> ring more
  reply.unclear style
  inbox.added style unclear
  message.queued
> ring expire
  conversation.expired style no_answer
> inbox
  e9 unclear "đi làm mà"
> settle Hoa -
  < reply sms to tel
      Dạ không sao ạ, cảm ơn Lan!
  message.not_sent style answered_since
  message.not_sent style answered_since
  inbox.closed person
  reply.declined style
  offer.none nothing_answered
  message.queued
  conversation.completed style
> done Hoa
> done Nam
