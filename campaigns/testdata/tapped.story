# A tap on Zalo means the same as the typed number, and the conversation stays where the customer writes.
edit name=Lan zalo=77 yes
run autumn r1
send
zalo Thể thao
counts
----
> edit name=Lan zalo=77 yes
  contact.created edit
  contact.edited
  consent.changed marketing
> run autumn r1
  < ad zalo to zalo
      Chị Lan thích phong cách nào?
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.queued style
> send
  message.sent style
> zalo Thể thao
  < reply zalo to zalo
      Cảm ơn Lan!
      Mời Lan xem trước đồ Thể thao: https://lua.vn/s
  message.received
  reply.understood style
  preference.changed style declared style=sporty
  offer.given sporty-early
  message.queued sporty-early
  conversation.completed style
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:0 sent:1]
