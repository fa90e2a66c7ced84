# A returned order starts its campaign two hours later; a second one on the same day does not.
edit name=Lan yes
event order.returned
event order.returned
counts
ring start
send
tap 1
event order.paid
counts
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
> event order.returned
  event.received order.returned
> event order.returned
  event.received order.returned
  conversation.not_asked already_asked
> counts
> ring start
  conversation.asked why
  message.queued why
> send
  message.sent why
> tap 1
  < reply sms to tel
      Cảm ơn Lan đã trả lời ạ!
  message.received
  reply.understood why
  preference.changed why declared return_reason=size
  offer.none campaign_has_none
  message.queued
  conversation.completed why
> event order.paid
  event.received order.paid
> counts
  returned@2026-12-05 map[answered:1 asked:1 audience:1 completed:1 queued:0 sent:1]
