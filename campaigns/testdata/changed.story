# A change of mind: the last answer is replaced, said so, and the open question asked again, or passed over where it has
# no point any more. After the end there is no second offer; half an hour later it is too late.
edit name=Lan yes
run autumn r1
send
in 2
in à nhầm, thể thao nha
in sorry I meant công sở
at 2026-12-05 10:29
in ý lộn, thể thao
at 2026-12-05 11:00
in à nhầm, công sở nha
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
> in à nhầm, thể thao nha
  < reply sms to tel
      Dạ bên em sửa lại thành Thể thao rồi ạ.
  < reply sms to tel
      Cảm ơn Lan!
      Mời Lan xem trước đồ Thể thao: https://lua.vn/s
  message.received
  reply.understood style changed
  preference.changed style declared style=sporty was office
  message.queued
  offer.given sporty-early
  message.queued sporty-early
  conversation.completed budget
> in sorry I meant công sở
  < reply sms to tel
      Dạ bên em sửa lại thành Công sở rồi ạ.
  message.received
  reply.understood style changed
  preference.changed style declared style=office was sporty
  message.queued
> at 2026-12-05 10:29
> in ý lộn, thể thao
  < reply sms to tel
      Dạ bên em sửa lại thành Thể thao rồi ạ.
  message.received
  reply.understood style changed
  preference.changed style declared style=sporty was office
  message.queued
> at 2026-12-05 11:00
> in à nhầm, công sở nha
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
> counts
  r1 map[answered:1 asked:1 audience:1 completed:1 offered:1 queued:0 sent:1]
