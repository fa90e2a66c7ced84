# A number after a question with buttons is the question's own option.
edit name=Lan zalo=77 yes locale=en
run autumn r1
send
zalo cong xo
zalo 1
----
> edit name=Lan zalo=77 yes locale=en
  contact.created edit
  contact.edited
  consent.changed marketing
> run autumn r1
  < ad zalo to zalo
      Which style is you, Lan?
      (1) Sporty
      (2) Office
  conversation.asked style
  message.queued style
> send
  message.sent style
> zalo cong xo
  < reply zalo to zalo
      Did you mean Office? Reply "yes" if so.
      (yes) Yes
  message.received
  reply.unclear style asked_back
  message.queued style
> zalo 1
  < reply zalo to zalo
      Thank you, Lan!
      Mời Lan xem trước đồ Sporty: https://lua.vn/s
  message.received
  reply.understood style
  preference.changed style declared style=sporty
  offer.given sporty-early
  message.queued sporty-early
  conversation.completed style
