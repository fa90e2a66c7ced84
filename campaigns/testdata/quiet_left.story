# A question that waited for the morning may have arrived before we hear that it left: what is written then is an answer.
edit name=Lan yes
at 2026-12-05 23:00
run autumn r1
at 2026-12-06 07:00
in 2
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
> at 2026-12-05 23:00
> run autumn r1
  < ad sms to tel at 2026-12-06 07:00
      [QC] Chị Lan thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.held style quiet_hours
> at 2026-12-06 07:00
> in 2
  < reply sms to tel
      Ngân sách cho một bộ khoảng bao nhiêu ạ?
  message.received
  reply.understood style
  preference.changed style declared style=office
  conversation.asked budget
  message.queued budget
