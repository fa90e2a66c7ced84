# Nothing more comes: then it is asked again. A question, and what says all it has to say, never waits.
edit name=Lan yes
run autumn r1
send
in hmm
in để coi
ring more
in em,
ring more
in đợi chị xíu
in TC
ring more
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
> in hmm
  message.received
  reply.unclear style waits_for_more
> in để coi
  < reply sms to tel
      Dạ bên em chưa hiểu ý mình ạ.
      Chị Lan thích phong cách nào?
      Mình chọn giúp bên em một số bên dưới nhé.
      (1) Thể thao
      (2) Công sở
  message.received
  reply.unclear style
  message.queued style
> ring more
> in em,
  message.received
  reply.unclear style waits_for_more
> ring more
  reply.unclear style
  message.queued style
> in đợi chị xíu
  message.received
  reply.unclear style waits_for_more
> in TC
  < control sms to tel
      Lụa: Đã nhận yêu cầu từ chối lúc 10:00 05/12/2026. Bên em ngừng gửi tin quảng cáo từ 10:00 05/12/2026. Muốn nhận lại, mình soạn DK.
  message.received
  reply.command stop
  contact.suppressed keyword
  conversation.stopped style opted_out
  consent.changed marketing
  message.queued
> ring more
