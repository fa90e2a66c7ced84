# Somebody writes whom we do not know.
in chào shop
in có ai không
at 2026-12-07 10:00
in alo
in START
erase
