"""The standard fields of CRM objects as data, in the order in which the portal prints them.

One line per field: camelCase name, kind, then flags: `ro` read-only, `off` always null, `old` though kept
by classic methods, `im` immutable,
`many` multiple, `dep` deprecated, `req` required, `st=TYPE` the directory of a crm_status, `if=FLAG` only for smart
processes with that setting, `cl` known to classic methods only, `up=NAME` the name in classic methods when it is not
the plain upper-case form.
"""

from __future__ import annotations

HEAD = """
id integer ro
createdTime datetime ro up=DATE_CREATE
updatedTime datetime ro up=DATE_MODIFY
createdBy user ro up=CREATED_BY_ID
updatedBy user ro up=MODIFY_BY_ID
assignedById user
opened boolean
"""

TAIL = """
utmSource string
utmMedium string
utmCampaign string
utmContent string
utmTerm string
"""

LAST = """
lastActivityBy user ro
lastActivityTime datetime ro
observers user many
"""

PERSON = """
name string
lastName string
secondName string
shortName string off
honorific crm_status st=HONORIFIC
birthdate date
post string
address text off old
comments text
"""

ADDRESS_PARTS = """
address2 string cl up=ADDRESS_2
addressCity string cl
addressRegion string cl
addressProvince string cl
addressPostalCode string cl
addressCountry string cl
addressCountryCode string cl
addressLocAddrId integer cl
"""

REGISTERED_ADDRESS = """
regAddress string cl
regAddress2 string cl up=REG_ADDRESS_2
regAddressCity string cl
regAddressRegion string cl
regAddressProvince string cl
regAddressPostalCode string cl
regAddressCountry string cl
regAddressCountryCode string cl
regAddressLocAddrId integer cl
"""

MULTIFIELD = """
hasPhone boolean ro
hasEmail boolean ro
hasImol boolean ro
phoneMobile string ro
phoneWork string ro
phoneMailing string ro
emailHome string ro
emailWork string ro
emailMailing string ro
imol string ro
email string ro
phone string ro
fm crm_multifield many
"""

MONEY = """
opportunity double
isManualOpportunity boolean
taxValue double
currencyId crm_currency
"""

CLIENT = """
companyId crm_company
contactId crm_contact dep
contactIds crm_contact many
"""

SOURCE = """
sourceId crm_status st=SOURCE
sourceDescription text
"""

ORIGIN = """
originatorId string
originId string
"""

MOVED = """
movedBy user ro up=MOVED_BY_ID
movedTime datetime ro
"""

LEAD = f"""{HEAD}
title string
stageId crm_status st=STATUS up=STATUS_ID
stageSemanticId string ro up=STATUS_SEMANTIC_ID
statusDescription text
dateCreateShort date off
dateModifyShort date off
isConvert boolean off
productId string off
{CLIENT}{MONEY}{SOURCE}{PERSON}{ADDRESS_PARTS}
companyTitle string
dateClosed datetime ro
isReturnCustomer boolean
webformId integer
{ORIGIN}{MOVED}{MULTIFIELD}
skype string off
icq string off
login string off
searchContent text ro
{LAST}{TAIL}"""

DEAL = f"""{HEAD}
leadId crm_lead ro
{CLIENT}
quoteId crm_quote ro
title string
categoryId crm_category im
stageId crm_status st=DEAL_STAGE
stageSemanticId string ro
isNew boolean ro
isRecurring boolean
isReturnCustomer boolean
isRepeatedApproach boolean
closed boolean
typeId crm_status st=DEAL_TYPE
{MONEY}
probability integer
comments text
begindate date
closedate date
dateCreateShort date off
dateModifyShort date off
begindateShort date off
closedateShort date off
productId string off
eventDate datetime ro
eventDateShort date off
eventId crm_status ro st=EVENT_TYPE
eventDescription text ro
locationId location
webformId integer
{SOURCE}{ORIGIN}
additionalInfo string
searchContent text ro
orderStage string ro
{MOVED}
isWork boolean off
isWon boolean off
isLose boolean off
receivedAmount string off
lostAmount string off
hasProducts boolean off
{LAST}{TAIL}"""

CONTACT = f"""{HEAD}
companyId crm_company dep
companyIds crm_company many
{SOURCE}{PERSON}{ADDRESS_PARTS}
photo file
faceId integer ro cl
leadId crm_lead ro
export boolean
typeId crm_status st=CONTACT_TYPE
webformId integer
{ORIGIN}
originVersion string
categoryId crm_category im
login string off
{MULTIFIELD}
searchContent text ro
{LAST}{TAIL}"""

COMPANY = f"""{HEAD}
title string
logo file
address text off old
{ADDRESS_PARTS}{REGISTERED_ADDRESS}
addressLegal text
bankingDetails string
comments text
typeId crm_status st=COMPANY_TYPE up=COMPANY_TYPE
industry crm_status st=INDUSTRY
revenue double
currencyId crm_currency
employees crm_status st=EMPLOYEES
leadId crm_lead ro
webformId integer
{ORIGIN}
originVersion string
lastCommunicationTime string ro
isMyCompany boolean
categoryId crm_category im
contactIds crm_contact many up=CONTACT_ID
{MULTIFIELD}
searchContent text ro
{LAST}{TAIL}"""

QUOTE = f"""{HEAD}
leadId crm_lead ro
dealId crm_deal
{CLIENT}
mycompanyId crm_company
title string
stageId crm_status st=QUOTE_STATUS up=STATUS_ID
closed boolean ro
{MONEY}
comments text
begindate date
closedate date
actualDate date
quoteNumber string
content text
terms text
personTypeId integer
storageTypeId integer
storageElementIds integer many
clientTitle string
clientAddr string
clientContact string
clientEmail string
clientPhone string
clientTpId string cl
clientTpaId string cl
webformId integer
locationId location
{LAST}lastCommunicationTime string ro cl
{TAIL}"""

DYNAMIC = f"""
id integer ro
xmlId string
title string
createdTime datetime ro
updatedTime datetime ro
createdBy user ro
updatedBy user ro
assignedById user
opened boolean
webformId integer
begindate date if=isBeginCloseDatesEnabled
closedate date if=isBeginCloseDatesEnabled
companyId crm_company if=isClientEnabled
contactId crm_contact dep if=isClientEnabled
contactIds crm_contact many if=isClientEnabled
opportunity double if=isLinkWithProductsEnabled
isManualOpportunity boolean if=isLinkWithProductsEnabled
taxValue double if=isLinkWithProductsEnabled
currencyId crm_currency if=isLinkWithProductsEnabled
mycompanyId crm_company if=isMycompanyEnabled
sourceId crm_status st=SOURCE if=isSourceEnabled
sourceDescription text if=isSourceEnabled
categoryId crm_category
stageId crm_status if=isStagesEnabled
previousStageId crm_status ro if=isStagesEnabled
movedBy user ro if=isStagesEnabled
movedTime datetime ro if=isStagesEnabled
lastActivityBy user ro
lastActivityTime datetime ro
observers user many if=isObserversEnabled
{TAIL}"""

INVOICE = f"""{DYNAMIC}
accountNumber string
locationId location
comments text
"""

TITLES = {
    "id": ("ID", "ID"),
    "title": ("Название", "Name"),
    "stageId": ("Стадия", "Stage"),
    "assignedById": ("Ответственный", "Responsible person"),
    "opportunity": ("Сумма", "Amount"),
    "currencyId": ("Валюта", "Currency"),
    "companyId": ("Компания", "Company"),
    "contactId": ("Контакт", "Contact"),
    "contactIds": ("Контакты", "Contacts"),
    "comments": ("Комментарий", "Comment"),
    "createdTime": ("Дата создания", "Created on"),
    "updatedTime": ("Дата изменения", "Modified on"),
    "createdBy": ("Кем создан", "Created by"),
    "updatedBy": ("Кем изменён", "Modified by"),
    "name": ("Имя", "First name"),
    "lastName": ("Фамилия", "Last name"),
    "secondName": ("Отчество", "Second name"),
    "begindate": ("Дата начала", "Start date"),
    "closedate": ("Дата завершения", "End date"),
    "sourceId": ("Источник", "Source"),
    "sourceDescription": ("Об источнике", "Source information"),
    "categoryId": ("Воронка", "Pipeline"),
    "typeId": ("Тип", "Type"),
    "fm": ("Контактные данные", "Contact information"),
    "observers": ("Наблюдатели", "Observers"),
    "opened": ("Доступен для всех", "Available to everyone"),
    "post": ("Должность", "Position"),
    "companyTitle": ("Название компании", "Company name"),
    "probability": ("Вероятность", "Probability"),
    "industry": ("Сфера деятельности", "Industry"),
    "xmlId": ("Внешний код", "External code"),
}
