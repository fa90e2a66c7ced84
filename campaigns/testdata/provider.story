# Stopped at the provider, and back: only what the provider took is given back.
edit name=Lan yes
run autumn r1
opt_out
opt_in
run autumn r2
in TC
opt_in
run autumn r3
opt_in START
run autumn r4
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
> opt_out
  contact.suppressed provider
  conversation.stopped style opted_out
  message.not_sent style opted_out
  consent.changed marketing
> opt_in
  contact.unsuppressed provider
  consent.changed marketing
> run autumn r2
  < ad sms to tel
      [QC] Chị Lan thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.queued style
> in TC
  < control sms to tel
      Lụa: Đã nhận yêu cầu từ chối lúc 10:00 05/12/2026. Bên em ngừng gửi tin quảng cáo từ 10:00 05/12/2026. Muốn nhận lại, mình soạn DK.
  message.received
  reply.command stop
  contact.suppressed keyword
  conversation.stopped style opted_out
  message.not_sent style opted_out
  consent.changed marketing
  message.queued
> opt_in
  event.received provider_opt_in
> run autumn r3
  conversation.not_asked opted_out
> opt_in START
  contact.unsuppressed keyword
  consent.changed marketing
> run autumn r4
  < ad sms to tel
      [QC] Chị Lan thích phong cách nào?
      1. Thể thao
      2. Công sở
      Tu choi: soan TC
      (1) Thể thao
      (2) Công sở
  conversation.asked style
  message.queued style
