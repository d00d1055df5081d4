### Russian: the texts of the feature module `channels`.

## Telegram: suggestions under messages, invite links

offer-phone = Собственный номер клиента, подтверждён Telegram: { $phone }
offer-phone-take = Сохранить как телефон
offer-merge = Возможно, это { $name } — такой клиент уже есть в списке.
offer-merge-look = Сравнить и объединить
invite-entry = Пригласить в Telegram
invite-hint = По личной ссылке Telegram клиента присоединится к этому чату.
invite-title = Приглашение в Telegram: { $name }
invite-lead = Отправьте ссылку по SMS или почте. Когда клиент откроет её и нажмёт «Старт», его Telegram будет связан с этой карточкой, а сообщения придут в этот чат.
invite-link = Ссылка
invite-good = Действует 30 дней и для одного человека. Кто её откроет, будет считаться этим клиентом.
invite-make = Создать ссылку
invite-no-bot = Бот Telegram не подключён.
invite-back = Назад к клиенту

## Channels

nav-channels = Каналы
channels-title = Каналы
channels-new = Подключить канал
channels-new-twilio = Подключить аккаунт Twilio
channels-empty = Ни один канал не подключён
channels-empty-hint = Подключите аккаунт Twilio, и клиенты смогут писать вам по SMS и в WhatsApp.
channel-provider-twilio = Twilio
channel-heard = последний вебхук: { $time }
channel-never-heard = вебхуков ещё не было
channel-connect-hint-twilio = Оба значения есть на первой странице консоли Twilio. Токен хранится зашифрованным и больше не показывается.
channel-senders = Номера
channel-senders-hint-twilio = Нужен хотя бы один. SMS уходят через Messaging Service, если он указан, иначе с номера; подойдёт и короткий номер или имя до 11 букв, но на имя нельзя ответить.
channel-senders-change = Что ждёт отправки с номера, которого здесь больше нет, не уйдёт, и в сообщении будет указано почему.
channel-connect = Подключить
channel-state = Состояние
channel-state-working = Работает
channel-state-failing = Не работает
channel-state-disabled = Выключен
channel-unproven-hint = Провайдер ещё не подтвердил аккаунт и токен. Проверьте канал или отправьте через него сообщение. До этого номера получит другое пространство, если оно подтвердит аккаунт.
channel-state-unproven = Не подтверждён
channel-missed = Пропущенные сообщения
channel-missed-count = { $count ->
    [one] Получено { $count } сообщение
    [few] Получено { $count } сообщения
   *[many] Получено { $count } сообщений
}
channel-missed-none = Нет
channel-missed-read = Последняя проверка: { $time }
channel-missed-fetch = Получить пропущенные
channel-last-webhook = Последний вебхук
channel-refused-webhook = Отклонённый вебхук
channel-refused-why-twilio = Подпись не сошлась: токен здесь не от этого аккаунта, или адрес в Twilio отличается от указанного ниже.
channel-last-error = Последняя ошибка
channel-waiting = В очереди
channel-queued = { $count ->
    [one] { $count } сообщение к отправке
    [few] { $count } сообщения к отправке
   *[many] { $count } сообщений к отправке
}
channel-scheduled = { $count ->
    [one] { $count } отложенное
    [few] { $count } отложенных
   *[many] { $count } отложенных
}
channel-test = Проверить
channel-enable = Включить
channel-disable = Выключить
channel-disable-hint-twilio = Выключенный канал ничего не отправляет и не принимает: что клиенты напишут за это время, пропадёт, а что ждёт отправки, не уйдёт.
channel-disabled-hint = Ничего не отправляется, а что пишут клиенты, отклоняется. Отметки о доставке отправленного раньше ещё приходят.
channel-webhooks-twilio = Адреса для Twilio
channel-webhooks-hint-twilio = Вставьте первый адрес в консоли Twilio у номера, отправителя WhatsApp или Messaging Service в поле «A message comes in». Второй передаётся с каждым сообщением сам.
channel-webhook-message = Входящие сообщения
channel-webhook-status = Отчёты о доставке
channel-credentials = Доступ
channel-credentials-hint-twilio = Со старым токеном больше ничего не отправляется. Вебхукам, подписанным им, мы верим ещё час: Twilio подписывает старым, пока новый не сделан основным.
channel-leaked = Старый токен стал известен посторонним: с этой минуты не верить ничему, что им подписано
channel-rotate = Заменить токен
channel-remove = Удалить канал
channel-remove-hint = Чаты и сообщения останутся. Что ещё произойдёт, мы скажем и переспросим.
channel-remove-link = Удалить…
channel-remove-title = Удалить { $name }?
channel-remove-stays = Все чаты и сообщения останутся: их можно читать и находить.
channel-remove-stops = Что клиенты напишут на эти номера, будет отклонено.
channel-remove-fails = { $count ->
    [0] К отправке ничего не ждёт.
    [one] { $count } сообщение из очереди не уйдёт, и в нём будет указано почему.
    [few] { $count } сообщения из очереди не уйдут, и в них будет указано почему.
   *[many] { $count } сообщений из очереди не уйдут, и в них будет указано почему.
}
channel-remove-credentials = Данные доступа будут удалены. Чтобы вернуть канал, аккаунт подключают заново.
channel-check-account-active = Аккаунт «{ $subject }» отвечает и активен.
channel-check-account-suspended = Аккаунт «{ $subject }» заблокирован. Причина указана в консоли Twilio.
channel-check-account-closed = Аккаунт «{ $subject }» закрыт.
channel-check-account-unknown = Twilio не знает аккаунта { $subject }.
channel-check-credentials-refused = Twilio не принимает токен аккаунта { $subject }. Замените его ниже.
channel-check-no-answer = Не удалось связаться с Twilio: { $subject }.
channel-check-other-answer = Twilio ответил { $subject }: о канале это ничего не говорит. Повторите через минуту.
channel-check-number-found = Номер { $subject } есть и может отправлять SMS.
channel-check-number-missing = Номера { $subject } нет в этом аккаунте.
channel-check-number-without-sms = Номер { $subject } не может отправлять SMS.
channel-check-sender-name = «{ $subject }» – имя, его в Twilio не проверить. Клиенты не могут на него ответить.
channel-check-posts-here = Что приходит на { $subject }, поступает сюда.
channel-check-posts-elsewhere = Что приходит на { $subject }, поступает на { $detail }, а не сюда. Вставьте адрес ниже в Twilio.
channel-check-posts-nowhere = Что приходит на { $subject }, никуда не поступает. Вставьте адрес ниже в Twilio.
channel-check-service-found = Messaging Service «{ $subject }» есть.
channel-check-service-missing = В аккаунте нет Messaging Service { $subject }.
channel-check-whatsapp-online = { $subject } в сети WhatsApp.
channel-check-whatsapp-offline = { $subject } зарегистрирован в WhatsApp, но ещё не в сети.
channel-check-whatsapp-missing = { $subject } – не отправитель WhatsApp этого аккаунта.
channel-check-whatsapp-unchecked = Twilio не сказал, является ли { $subject } отправителем WhatsApp. Это покажет сообщение самому себе.
copy = Скопировать
copied = Скопировано
field-account_sid = Account SID
field-auth_token = Токен (Auth token)
field-sms_number = Номер для SMS
field-whatsapp_number = Номер WhatsApp
field-messaging_service_sid = Messaging Service SID
field-leaked = Известен посторонним
field-enabled = Включён
problem-not-a-sid = Это не SID: он начинается с { $prefix } и состоит из 34 знаков.
problem-not-a-sender = Это не номер, не короткий номер и не имя до 11 латинских букв и цифр.
problem-sender-required = Укажите номер или Messaging Service.
problem-credentials-refused = Twilio не принимает этот аккаунт и токен.
problem-channel-off = Канал для этого выключен.
composer-channel-off = канал выключен
composer-closed-channel-off = Канал, по которому можно связаться с этим клиентом, выключен. Попросите администратора включить его.
failure-channel-disabled = Канал выключен.
failure-channel-removed = Канал удалён.
failure-channel-changed = У канала больше нет номера для этого.
failure-address-removed = Адрес был удалён у клиента до отправки сообщения. Выберите другой адрес и отправьте сообщение снова.
failure-no-answer = Не удалось связаться с провайдером.
channel-check-bot-active = Бот { $subject } отвечает.
channel-check-bot-refused = Telegram не принимает токен бота { $subject }. Возьмите его у BotFather и замените ниже.
channel-check-bot-no-answer = Telegram недоступен: { $subject }.
channel-check-bot-posts-here = Всё, что пишут { $subject }, приходит сюда.
channel-check-bot-posts-elsewhere = Всё, что пишут { $subject }, уходит на { $detail }, а не сюда. Выключите канал и включите снова, чтобы вернуть.
channel-check-bot-posts-nowhere = То, что пишут { $subject }, никуда не доставляется. Выключите канал и включите снова.
channel-check-bot-post-failed = Telegram не смог доставить то, что писали { $subject }: { $detail }

## Twilio: opt-out, WhatsApp's service window, WhatsApp templates

composer-opted-out = клиент отказался от сообщений
composer-opted-out-how = { $transport }: клиент отказался от сообщений словом STOP. Снова открыть может только клиент, написав START.
composer-closed-by-client = { $transport }: { $why }.
problem-opted-out = Клиент отказался от сообщений словом STOP. Снова открыть может только клиент, написав START.
problem-window-closed = Клиент последний раз писал в WhatsApp более 24 часов назад. Отправьте одобренный шаблон.
problem-window-unopened = Клиент ещё не писал в WhatsApp. Отправьте одобренный шаблон.
problem-too-many-lines = Строк больше, чем переменных в тексте: не более { $max }.
window-open = 24-часовое окно закроется через { $hours } ч { $minutes } мин.
window-open-minutes = 24-часовое окно закроется через { $minutes } мин.
window-closed = Клиент последний раз писал в WhatsApp более 24 часов назад. Пока он не напишет снова, WhatsApp принимает только одобренные шаблоны.
window-unopened = Клиент ещё не писал в WhatsApp. До этого WhatsApp принимает только одобренные шаблоны.
approved-title = Одобренные шаблоны
approved-hint = Тексты, которые WhatsApp одобрил для этого номера. Их можно отправлять всегда, даже если клиент писал более 24 часов назад.
approved-new = Добавить шаблон
approved-edit = Одобренный шаблон
approved-form-hint = Скопируйте шаблон из Content Template Builder в Twilio, когда WhatsApp его одобрит. Изменения здесь не меняют его там.
approved-body-hint = Одобренный текст с переменными {"{{1}}"}, {"{{2}}"} и так далее.
approved-defaults-hint = По строке на каждую переменную, по порядку; пустые заполняются перед отправкой. Можно использовать подстановки:
approved-delete-title = Удалить этот шаблон?
approved-delete-warning = Из Aloqa его больше нельзя будет отправить. Отправленное останется в чатах, в Twilio ничего не изменится.
approved-none = Одобренных шаблонов нет
approved-none-hint = Для этого номера WhatsApp ещё нет одобренных шаблонов.
approved-to-settings = Добавить в настройках
approved-all = Одобренные шаблоны
approved-variable = Переменная { $number }
approved-preview = Клиент прочтёт
approved-send-hint = Уйдёт в WhatsApp в том виде, в каком одобрено.
field-content_sid = Content SID
field-language = Код языка
field-body = Одобренный текст
field-defaults = Начальные значения
message-approved = одобренный шаблон
failure-21655 = Twilio не знает этого одобренного шаблона. Попросите администратора проверить его Content SID.
failure-21656 = Значения не подходят к одобренному шаблону. Попросите администратора проверить его переменные.
