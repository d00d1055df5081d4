### Russian: the texts that all pages share.

## Navigation and words of every page

app-name = Aloqa
nav-main = Главное меню
nav-chats = Чаты
nav-chats-unread = { $count ->
    [0] Чаты
    [one] Чаты, { $count } непрочитанный
    [few] Чаты, { $count } непрочитанных
   *[other] Чаты, { $count } непрочитанных
}
nav-clients = Клиенты
nav-instant-messages = Быстрые ответы
sign-out = Выйти
skip-to-content = К содержанию
search = Найти
save = Сохранить
cancel = Отмена
delete = Удалить
edit = Изменить
back = Назад
previous = Назад
next = Дальше
pages = Страницы
required = обязательно
none = –

## Dates

today = Сегодня
yesterday = Вчера
date-day = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
}
date-full = { date-day } { $year }
weekday = { $day ->
    [1] Пн
    [2] Вт
    [3] Ср
    [4] Чт
    [5] Пт
    [6] Сб
   *[7] Вс
}

## Problems of fields

problem-required = Обязательное поле.
problem-too-long = Не больше { $max } символов.
problem-too-short = Не меньше { $min } символов.
problem-out-of-range = От { $min } до { $max }.
problem-not-a-phone = Это не номер телефона. Пример: { $example }.
problem-not-an-email = Это не адрес электронной почты.
problem-not-a-date = Такой даты нет. Формат: 1990-02-28.
problem-not-a-time = Это не дата со временем. Формат: 2026-03-02 09:00.
problem-not-one-of = Возможные значения: { $values }.
problem-wrong-type = Неподходящий тип значения.
problem-bad-characters = Здесь есть недопустимые символы.
problem-taken = Уже используется.
problem-unknown-placeholder = Нет поля { $name }.
problem-unreachable = С этим клиентом нельзя связаться этим способом.
field-code = Код
problem-storage-full = Место рабочего пространства закончилось. Попросите того, кто обслуживает Aloqa, увеличить его.
problem-too-many-imports = Уже есть { $max } незавершённых импортов. Сначала завершите или отмените один из них.
problem-no-provider = Для этого не подключён провайдер.
problem-no-files = Этим способом файлы отправить нельзя.
problem-empty-file = Файл «{ $name }» пустой.
problem-too-long-for = { $transport }: в одном сообщении не больше { $max } символов.
problem-not-found = Такой записи в этом рабочем пространстве нет.
problem-last-administrator = Рабочее пространство осталось бы без администратора.

## Errors

error-reference = Номер обращения: { $id }
error-way-on = Перейти к чатам
error-sign-in = Войти
error-malformed = Некорректный запрос
error-malformed-detail = Запрос не удалось прочитать.
error-unauthenticated = Сначала войдите
error-unauthenticated-detail = Вы не вошли в систему, или сеанс завершён.
error-forbidden = Нет доступа
error-forbidden-detail = Ваша роль этого не позволяет. Обратитесь к администратору.
error-suspended = Рабочее пространство приостановлено
error-suspended-detail = Это рабочее пространство приостановлено. Обратитесь к администратору вашей установки Aloqa.
error-forged-form = Форма устарела
error-forged-form-detail = Обновите страницу и попробуйте ещё раз.
error-signature = Неверная подпись
error-signature-detail = Ничего не сохранено.
error-not-found = Страница не найдена
error-not-found-detail = Возможно, она удалена или адрес неверен.
error-method-not-allowed = Действие недоступно
error-method-not-allowed-detail = Адрес существует, но не принимает такие запросы.
error-conflict = Уже используется
error-conflict-detail = У другой записи такое же значение.
error-conflict-client = Уже указано у другого клиента: { $url }
error-conflict-status = Отправить повторно можно только недоставленное сообщение.
error-conflict-show = Показать этого клиента
error-too-large = Слишком большой объём
error-too-large-detail = Отправьте меньше за один раз.
error-unsupported-media-type = Формат не поддерживается
error-unsupported-media-type-detail = Отправьте форму или JSON.
error-invalid = Проверьте выделенные поля
error-invalid-detail = { $count ->
    [one] Ошибка в { $count } поле.
   *[other] Ошибки в { $count } полях.
}
error-too-many = Слишком много попыток
error-too-many-detail = Подождите { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
   *[other] { $minutes } минут
} и попробуйте снова.
error-misdirected = Неверный адрес
error-misdirected-detail = По этому адресу рабочее пространство не открывается. Откройте адрес, который дал администратор.
error-unstorable = Это нельзя сохранить
error-unstorable-detail = Значение слишком длинное или содержит символы, которые нельзя сохранить. Сократите его или введите заново.
error-busy = Сервер занят
error-busy-detail = Сейчас слишком много входов. Попробуйте через несколько секунд.
error-unavailable = Скоро вернёмся
error-unavailable-detail = База данных не отвечает. Попробуйте чуть позже; ничего не потеряно.
error-internal = Что-то пошло не так
error-internal-detail = Это наша ошибка, она записана. Попробуйте ещё раз или сообщите номер обращения.

## Layout preferences

nav-names = Показать названия
nav-icons = Только значки

## A number alone, formatted for the language

number = { $count }
