# A wrong number is an opt-out for that reason. Small letters dk (all right) bring back only whoever is stopped.
edit name=Lan yes
in dk
run autumn r1
send
in mình không phải Lan
in dk
----
> edit name=Lan yes
  contact.created edit
  contact.edited
  consent.changed marketing
> in dk
  < reply sms to tel
      Dạ Lụa đã nhận được tin của mình và chuyển tới nhân viên ạ.
  message.received
  inbox.added no_open_question
  message.queued
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
  message.sent
  message.sent style
> in mình không phải Lan
  < control sms to tel
      Lụa: Đã nhận yêu cầu từ chối lúc 10:00 05/12/2026. Bên em ngừng gửi tin quảng cáo từ 10:00 05/12/2026. Muốn nhận lại, mình soạn DK.
  message.received
  reply.command stop
  contact.suppressed wrong_number
  conversation.stopped style opted_out
  consent.changed marketing
  message.queued
> in dk
  < control sms to tel
      Lụa: Dạ mình đã đồng ý nhận tin từ Lụa. Cần hướng dẫn, mình soạn HD. Muốn ngừng nhận, mình soạn TC.
  message.received
  reply.command start
  contact.unsuppressed wrong_number
  consent.changed marketing
  message.queued
