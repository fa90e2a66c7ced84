# Whoever skips is not asked again, and is owed nothing.
edit name=Lan yes locale=en-GB
run autumn r1
send
in bỏ qua
counts
run autumn r2
----
> edit name=Lan yes locale=en-GB
  contact.created edit
  contact.edited
  consent.changed marketing
> run autumn r1
  < ad sms to tel
      [QC] Which style is you, Lan?
      1. Sporty
      2. Office
      Opt out: text TC
      (1) Sporty
      (2) Office
  conversation.asked style
  message.queued style
> send
  message.sent style
> in bỏ qua
  < reply sms to tel
      No problem, thank you Lan!
  message.received
  reply.declined style
  offer.none nothing_answered
  message.queued
  conversation.completed style
> counts
  r1 map[asked:1 audience:1 completed:1 queued:0 sent:1]
> run autumn r2
  conversation.not_asked nothing_to_ask
