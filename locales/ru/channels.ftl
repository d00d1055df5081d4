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
invite-good = Действует 30 дней и для одного человека. Открывший её будет считаться этим клиентом.
invite-make = Создать ссылку
invite-no-bot = Бот Telegram не подключён.
invite-back = Назад к клиенту

## Channels

nav-channels = Каналы
channels-title = Каналы
channels-new = Подключить канал
channels-new-twilio = Подключить аккаунт Twilio
channels-empty = Каналы не подключены
channels-empty-hint = Подключите аккаунт Twilio, и клиенты смогут писать вам по SMS и в WhatsApp.
channel-provider-twilio = Twilio
channel-heard = последний вебхук: { $time }
channel-never-heard = пока ничего не получено
channel-connect-hint-twilio = Оба значения есть на первой странице консоли Twilio. Токен хранится зашифрованным и больше не показывается.
channel-senders = Номера
channel-senders-hint-twilio = Нужен хотя бы один. SMS уходят через Messaging Service, если он указан, иначе с номера; подойдёт и короткий номер или имя до 11 букв, но на имя нельзя ответить.
channel-senders-change = Сообщения в очереди с удалённого номера не уйдут, причина будет указана в них.
channel-connect = Подключить
channel-state = Состояние
channel-state-working = Работает
channel-state-failing = Не работает
channel-state-disabled = Выключен
channel-unproven-hint = Провайдер ещё не подтвердил аккаунт и токен. Проверьте канал или отправьте через него сообщение. До этого номера получит другое рабочее пространство, если оно подтвердит аккаунт.
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
    [one] { $count } запланированное
    [few] { $count } запланированных
   *[many] { $count } запланированных
}
channel-test = Проверить
channel-enable = Включить
channel-disable = Выключить
channel-disable-link = Выключить…
channel-disable-hint-twilio = Выключенный канал ничего не отправляет и не принимает: сообщения клиентов за это время пропадут, а сообщения в очереди не уйдут.
channel-disabled-hint = Ничего не отправляется, сообщения клиентов отклоняются. Статусы отправленных раньше сообщений ещё приходят.
channel-webhooks-twilio = Адреса для Twilio
channel-webhooks-hint-twilio = Вставьте первый адрес в консоли Twilio у номера, отправителя WhatsApp или Messaging Service в поле «A message comes in». Второй передаётся с каждым сообщением автоматически.
channel-webhook-message = Входящие сообщения
channel-webhook-status = Отчёты о доставке
channel-credentials = Доступ
channel-credentials-hint-twilio = Со старым токеном больше ничего не отправляется. Вебхуки с его подписью принимаются ещё час: Twilio подписывает старым токеном, пока новый не станет основным.
channel-leaked = Старый токен стал известен посторонним: с этой минуты отклонять всё, что им подписано
channel-rotate = Заменить токен
channel-remove = Удалить канал
channel-remove-hint = Чаты и сообщения останутся. Перед удалением вы увидите, что ещё изменится.
channel-remove-link = Удалить…
channel-remove-title = Удалить { $name }?
channel-remove-stays = Все чаты и сообщения останутся, их можно читать и искать.
channel-remove-stops = Сообщения на эти номера будут отклоняться.
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
channel-check-number-found = Номер { $subject } существует и может отправлять SMS.
channel-check-number-missing = Номера { $subject } нет в этом аккаунте.
channel-check-number-without-sms = Номер { $subject } не может отправлять SMS.
channel-check-sender-name = «{ $subject }» — имя, его в Twilio не проверить. Клиенты не могут на него ответить.
channel-check-posts-here = Сообщения на { $subject } приходят сюда.
channel-check-posts-elsewhere = Сообщения на { $subject } приходят на { $detail }, а не сюда. Вставьте адрес ниже в Twilio.
channel-check-posts-nowhere = Сообщения на { $subject } никуда не приходят. Вставьте адрес ниже в Twilio.
channel-check-service-found = Messaging Service «{ $subject }» существует.
channel-check-service-missing = В аккаунте нет Messaging Service { $subject }.
channel-check-whatsapp-online = { $subject } в сети WhatsApp.
channel-check-whatsapp-offline = { $subject } зарегистрирован в WhatsApp, но ещё не в сети.
channel-check-whatsapp-missing = { $subject } — не отправитель WhatsApp этого аккаунта.
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
failure-channel-disabled = Канал выключен.
failure-channel-removed = Канал удалён.
failure-channel-changed = У канала больше нет номера для этого.
failure-address-removed = Адрес был удалён у клиента до отправки сообщения. Выберите другой адрес и отправьте сообщение снова.
failure-no-answer = Не удалось связаться с провайдером.
channel-check-bot-active = Бот { $subject } отвечает.
channel-check-bot-refused = Telegram не принимает токен бота { $subject }. Возьмите его у BotFather и замените ниже.
channel-check-bot-no-answer = Telegram недоступен: { $subject }.
channel-check-bot-posts-here = Сообщения боту { $subject } приходят сюда.
channel-check-bot-posts-elsewhere = Сообщения боту { $subject } уходят на { $detail }, а не сюда. Выключите канал и включите снова, чтобы вернуть их.
channel-check-bot-posts-nowhere = Сообщения боту { $subject } никуда не приходят. Выключите канал и включите снова.
channel-check-bot-post-failed = Telegram не смог доставить сообщения боту { $subject }: { $detail }

## Twilio: opt-out, WhatsApp's service window, WhatsApp templates

composer-opted-out = клиент отписался
composer-opted-out-how = { $transport }: клиент отписался словом STOP. Снова подписаться может только он сам, написав START.
composer-closed-by-client = { $transport }: { $why }.
problem-opted-out = Клиент отписался словом STOP. Снова подписаться может только он сам, написав START.
problem-country-not-allowed = Отправка на номера страны «{ $country }» запрещена. Администратор может разрешить её в настройках рабочего пространства.
problem-number-of-no-country = Отправка на номера, которые не относятся ни к одной стране, запрещена. Администратор может разрешить её в настройках рабочего пространства.
composer-country-not-allowed = отправка в эту страну запрещена
problem-window-closed = Клиент последний раз писал в WhatsApp более 24 часов назад. Отправьте одобренный шаблон.
problem-window-unopened = Клиент ещё не писал в WhatsApp. Отправьте одобренный шаблон.
problem-too-many-lines = Строк больше, чем переменных в тексте: не более { $max }.
window-open = Ответить можно ещё { $hours } ч { $minutes } мин.
window-open-minutes = Ответить можно ещё { $minutes } мин.
window-closed = Клиент последний раз писал в WhatsApp более 24 часов назад. Пока он не напишет снова, WhatsApp принимает только одобренные шаблоны.
window-unopened = Клиент ещё не писал в WhatsApp. До этого WhatsApp принимает только одобренные шаблоны.
approved-title = Одобренные шаблоны
approved-hint = Тексты, которые WhatsApp одобрил для этого номера. Их можно отправлять всегда, даже если клиент писал более 24 часов назад.
approved-new = Добавить шаблон
approved-edit = Одобренный шаблон
approved-form-hint = Скопируйте шаблон из Content Template Builder в Twilio, когда WhatsApp его одобрит. Изменения здесь не меняют его там.
approved-body-hint = Одобренный текст с переменными {"{{1}}"}, {"{{2}}"} и так далее.
approved-defaults-hint = По строке на каждую переменную, по порядку; пустые заполняются перед отправкой. Можно использовать поля:
approved-delete-title = Удалить этот шаблон?
approved-delete-warning = Из Aloqa его больше нельзя будет отправить. Отправленное останется в чатах, в Twilio ничего не изменится.
approved-none = Одобренных шаблонов нет
approved-none-hint = Для этого номера WhatsApp ещё нет одобренных шаблонов.
approved-to-settings = Добавить в настройках
approved-all = Одобренные шаблоны
approved-variable = Переменная { $number }
approved-preview = Клиент увидит
approved-send-hint = Отправляется в WhatsApp в том виде, в каком одобрено.
field-content_sid = Content SID
field-language = Код языка
field-body = Одобренный текст
field-defaults = Значения по умолчанию
message-approved = одобренный шаблон
failure-21655 = Twilio не знает этого одобренного шаблона. Попросите администратора проверить его Content SID.
failure-21656 = Значения не подходят к одобренному шаблону. Попросите администратора проверить его переменные.
