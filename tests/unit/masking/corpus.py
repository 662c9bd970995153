"""Sentences people write in this trade: with contacts that must be hidden, and without any that must stay as they are."""

from __future__ import annotations

CONTACTS = tuple(
    """
Позвоните мне +998 90 123 45 67
мой номер 8 (900) 123-45-67, жду
89001234567 звоните в любое время
Мой номер: 90 123 45 67
998901234567
998 901 234 567
+7-900-123-45-67
тел 123-45-67
тел. 71 200-45-67
9 0 1 2 3 4 5 6 7
9-0-1-2-3-4-5-6-7
9.0.1.2.3.4.5.6.7
9*0*1*2*3*4*5*6*7
90.123.45.67
90-123-45-67
(90) 123-45-67
(71) 123-45-67
＋９９８ ９０ １２３ ４５ ６７
9️⃣0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣
+7 9OO 123 45 67
+7 (926) 555 12 34 Алексей
8-926-555-12-34
8 926 555 12 34
79265551234
+375 29 123-45-67
+7 701 123 45 67
+90 532 123 45 67
0090 532 123 45 67
+44 20 7946 0958
+1 (212) 555-0187
+86 138 0013 8000
raqamim 901234567
telefonim 90 123 45 67
menga qoʻngʻiroq qiling: 93 555 44 33
tel: +998(97)7771122
Call me: 020 7946 0958
my phone is 998 97 777 11 22
whatsapp +7 926 555 12 34
ватсап 926 555 12 34
наберите 495 123 45 67
девять ноль один два три четыре пять шесть семь
восемь девятьсот сто двадцать три сорок пять шестьдесят семь
плюс семь девятьсот двадцать шесть пятьсот пятьдесят пять двенадцать тридцать четыре
девяносто восемь, девяносто, сто двадцать три, сорок пять, шестьдесят семь
toʻqson bir yuz yigirma uch qirq besh oltmish yetti
to'qson nol bir ikki uch to'rt besh olti yetti
тўққиз ноль бир икки уч тўрт беш олти етти
nine zero one two three four five six seven
nine nine eight nine zero one two three four five six seven
мой номер девять ноль 123 сорок пять 67
пишите ivan@mail.ru
почта: i.petrov-80@northern-style.com
ivan@mail . ru
ivan @ mail.ru
ivan собака mail точка ру
ivan собачка yandex точка ru
ivan (at) gmail (dot) com
ivan[at]gmail[dot]com
ivan at gmail dot com
aziz kuchukcha mail nuqta uz
иван@почта.рф
www.abc-textile.uz
наш сайт abc-textile.uz
abc-textile.uz/catalog
https://example.com/x?y=1
http://185.12.10.4/shop
hxxps://example.com
смотрите abctextile.com.
shop.northern-style.ru
сайт abctextile точка уз
sayt abctextile nuqta uz
our site is abctextile dot com
abctextile . com
abctextile (точка) ru
wildberries.ru/brands/severnyj-stil
ozon.ru/seller/12345
t.me/ivanpetrov
t . me / ivanpetrov
telegram.me/abc
wa.me/79265551234
vk.com/northernstyle
instagram.com/abc.textile
tg://resolve?domain=abc
@ivan_petrov
пишите @abctextile
@ abctextile
телеграм: ivanpetrov
телеграм - ivanpetrov
tg: ivan_petrov
tg ivan_petrov
инстаграм: abctextile
instagram: abc.textile
Telegram abc_textile_uz
ник ivan_petrov
kuchukcha abc_textile
собака abctextile
skype: ivan.petrov80
ИНН 7701234567
STIR 301234567
ОГРН 1027700132195
восемь 926 пятьсот 55 двенадцать 34
мой тел: 926-555-12-34
Связь: +7(926)5551234 (вотсап)
мой вайбер девять два шесть пять пять пять один два три четыре
позвони: 8 9 2 6 5 5 5 1 2 3 4
926 555 1234
(926)5551234
998-90-1234567
+998901234567
998 (90) 123 45 67
t.me/+AbCdEfGh
http://bit.ly/abc
bit.ly/3xYz
linktr.ee/abc
ivan.petrov@company.co.uk
ivan_at_mail.ru
почта ivan СОБАКА mail.ru
ivan@mail,ru
найдите нас в инстаграм @abc.textile
insta abc_textile
нас можно найти в телеграм по нику abctextile
telegram @ivan
my tg is @ivanp
тг: @ivanp
nomerim: to'qson to'qqiz 123 45 67
raqam: 99 123-45-67
тел. девяносто 123 45 67
WhatsApp: 00998901234567
8(926)555-12-34
8-(926)-555-12-34
8 926 5551234
тел.:89265551234
моб 89265551234
Номер +7 926 5 5 5 1 2 3 4
٩٠ ١٢٣ ٤٥ ٦٧
9 0 1_2_3_4_5_6_7
901-234-567
90 1234567
90 12 34 567
9 9 8 9 0 1 2 3 4 5 6 7
nine one two, three four five, six seven eight nine
девятьсот двадцать шесть пятьсот пятьдесят пять двенадцать тридцать четыре
www . abc . uz
abc . textile . uz
abctextile[.]uz
https:// abc.uz
вк: severny_style
vk severny_style
мой скайп ivan.petrov
почта: ivan на mail.ru
mail: ivanpetrov gmail com
""".strip().split("\n")
)

HARMLESS = tuple(
    """
20 000 шт. до 01.05.2026
20000 футболок, 180 г/м2, срок 60 дней
Размеры 42-44-46-48-50-52
размеры 42, 44, 46, 48, 50, 52, 54
98/104/110/116/122 рост
рост 98-104-110-116-122-128
S-M-L-XL, 4 цвета
S/M/L/XL/XXL/3XL
Цена 1 500 000 сум
10 000 000 so'm
120 000 000 сум
1 000 000
12 345 678 dona
цена 3.20 USD за шт.
от 3,50 до 4,20 USD
$1,250,000.00
1.250.000,00 EUR
артикул 123456789
арт. 7712-345-90
SKU 4820012345678
EAN 4820012345678
модель 901234567
ТН ВЭД 6109 10 000 0
ТН ВЭД 6109100000
HS code 6109100000
HS 6109.10.0000
TIF TN 6109100000
6109100000
5000-10000 шт
100000-200000
плотность 180 г/м², 100 % хлопок
180, 200, 220, 240
до 10.10.2026-20.11.2026
10.10.2026 - 20.11.2026
с 01.03.2026 по 15.04.2026
2026-05-01
12:30, 14:45
двадцать тысяч штук
сто двадцать тысяч футболок
yigirma ming dona
oʻn besh kun
twenty thousand pieces
один два три
семь цветов и пять размеров
FOB Tashkent, 2 months
CIF Новороссийск, Incoterms 2020
OEKO-TEX Standard 100, ISO 9001:2015
сертификат № 123456789
GOTS certificate 123456789
техпак.pdf и techpack.pdf
эскиз_2.png приложен
Pantone 19-4052 TCX
Pantone 186 C
размер 100x200 см
40x60x80 см
12.5 x 30.5 x 40
30 % вперёд, 70 % после отгрузки
Футболки хлопковые с печатью, размеры S–XXL
Paxta futbolkalar, 180 g/m², S–XXL
Printed cotton T-shirts, 180 g/m², sizes S–XXL
Лот № 256
лот 100200300
заказ 100200300
договор 2026/12345678
счёт 40702810900000012345
1500 1600 1700 штук
ГОСТ 31408-2009
Нить 30/1, 20/1
пряжа Ne 30/1 кардная
40 кн/мес и 3 линии
напишите в телеграм бот
Telegram bot orqali yozing
какой у вас телефон поддержки?
Можем отгрузить 15.06, оплата 30/70
AQL 2.5, 4.0
95% хлопок, 5% эластан
Упаковка: 50 шт. в коробе, 60×40×40
20' контейнер, 40' HC
вес 12.500 кг
1 234 567 м
ширина 185±2 см
температура 30°C
3-5 дней
2-3 недели
24/7
v2.0
Namunalar 5 kunda tayyor bo'ladi
Narx 2.85 USD, MOQ 3000 dona
7 500 dona, 45 kun
We can start on 12 May.
Lead time 45-50 days
MOQ 1,000 pcs, capacity 60,000 pcs/month
Price 3.15-3.40 USD FOB
Спасибо, образцы получили. Качество хорошее.
В пятницу пришлём расчёт.По цвету вопрос
etc. Our team is ready.
S.Petersburg
1. Ткань 2. Фурнитура 3. Нитки
2 линии по 30 машин
дом 5, корпус 2
этикетка 20x40, состав 100% CO
Ростовка 42/1 44/2 46/2 48/1
20 000-30 000 шт в месяц, цена 2,80-3,10
партия 12 000 / 8 000 / 5 000
SS26: 3 000, FW26: 5 000
нужны размеры 44 46 48 50 52 54 56
44(2) 46(4) 48(4) 50(2)
цвета: 19-4052, 18-1664, 11-0601
код ТНВЭД 6105100000
инвойс 20260301-001
контейнер MSKU1234567
1 500 000 000 сум
ставка 14,5% годовых
срок: 15.03.26-30.04.26
прайс от 01.02.2026 действует до 28.02.2026
2 500 комплектов по 4 предмета
300 000 метров
объём 250000
200000 долларов
150 000 евро
Ne 30/1, Ne 20/1, Ne 40/2
состав 92/8
мощность 50000-70000
вес изделия 185 гр +/- 5
плотность 160-180
оплата через 45/60/90 дней
арт 55-1234-77 и 55-1234-78
штрихкод 4601234567893
4601234567893
номер лота 256
заказ №20260115
номер договора 123/45-2026
сертификат OEKO-TEX 2176-123 DTI
ЕАЭС N RU Д-UZ.РА01.В.12345/26
позиция 6110.20.9100
6110 20 910 0
Ranglar: 3 ta, o'lchamlar: 5 ta
8 линий, 240 машин, 320 человек
в 2024 2025 и 2026 году
1000 2000 3000 5000
3 000 4 500 6 000
партия 90 000 000
лот 901234567
900 000 штук
Поставка FCA Ташкент.Мы готовы
Какая цена?Жду
1.5 млн
10 000
20 футов
2 x 40HC
№ 998
998 штук
i.e. samples
a.s.a.p. please
""".strip().split("\n")
)
