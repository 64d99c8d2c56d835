"""Common words of needs in Spanish, French, German, Russian and Chinese with their English, by how they begin."""

ABROAD = """
make; es hacer hago haga; fr faire crée créer; de machen mache erstell; ru сдела делать создать; zh 做 制作 创建 创作
generate; es gener; fr génér; de generier erzeug; ru генер сгенер; zh 生成 产生
write; es escrib escrit; fr écri rédig; de schreib geschrieb; ru писать напис пишу текст; zh 写 撰写
read; es leer lee lectura; fr lire lecture lis; de lesen lies vorles; ru читать чита прочит чтен; zh 读 阅读
draw; es dibuj pint; fr dessin peindr; de zeichn mal; ru рисова нарис; zh 画 绘
picture; es imagen imágenes; fr image; de bild; ru картин изображ рисун; zh 图 图像 图片 画面
photo; es foto; fr photo; de foto; ru фото снимок снимк; zh 照片 相片 拍照
portrait; es retrato; fr portrait; de porträt portrait; ru портрет; zh 肖像 头像
video; es vídeo video película; fr vidéo film; de video film; ru видео фильм ролик; zh 视频 影片 电影
music; es música canción; fr musique chanson; de musik lied; ru музык песн; zh 音乐 歌曲
sound; es sonido audio; fr son audio; de ton klang geräusch; ru звук аудио; zh 声音 音频
voice; es voz; fr voix; de stimme; ru голос; zh 嗓音 语音 人声
speak; es hablar habla; fr parl; de sprech sprich; ru говор заговор сказать; zh 说话 讲话 说
listen; es escuch oír; fr écout entend; de hören anhör; ru слуш услыш; zh 听
transcribe; es transcri; fr transcri; de transkri mitschrift; ru расшифров транскриб стенограмм; zh 转写 转录 听写
animate; es anima; fr anime; de animier beleb; ru ожив анимир; zh 动画 动起来
face; es cara rostro; fr visage; de gesicht; ru лиц; zh 脸 人脸
text; es texto; fr texte; de text; ru текст; zh 文本 文字 文章
sentence; es frase oración; fr phrase; de satz sätze; ru фраз предложен; zh 句子 句话 一句
article; es artículo noticia; fr article nouvelles; de artikel nachricht; ru стать новост; zh 新闻 报道
document; es documento; fr document; de dokument unterlag; ru документ; zh 文档 文件
book; es libro; fr livre; de buch bücher; ru книг; zh 书 书籍
contract; es contrato; fr contrat; de vertrag verträg; ru договор контракт; zh 合同
invoice; es factura; fr facture; de rechnung; ru счёт счет; zh 发票
table; es tabla hoja; fr tableau; de tabelle; ru таблиц; zh 表格
data; es dato; fr donnée; de daten; ru данн; zh 数据
database; es base; fr base; de datenbank; ru база базу базе; zh 数据库
number; es número cifra; fr nombre chiffre; de zahl; ru числ цифр; zh 数字
count; es contar cuenta; fr compter; de zähl; ru считать посчит подсч; zh 数一数 计数 统计
summarize; es resum; fr résum; de zusammenfass kurzfass; ru кратк резюм сократ пересказ; zh 摘要 总结 缩 概括
short; es corto breve; fr court bref; de kurz; ru коротк; zh 短 简短
long; es largo larga; fr long; de lang; ru длинн; zh 长 很长
translate; es traduc; fr tradui traduc; de übersetz; ru перевод перевес перевед; zh 翻译
language; es idioma lengua; fr langue; de sprache; ru язык; zh 语言
correct; es corregir corrige; fr corrig; de korrig berichtig; ru исправ; zh 纠正 改正 修正
error; es error fallo; fr erreur faute; de fehler; ru ошибк; zh 错误 出错 报错
search; es buscar busca; fr cherch recherche; de such; ru поиск искать найти; zh 搜索 查找 检索
find; es encontr hallar; fr trouv; de find; ru найти наход нахожд; zh 找 找到 找出
detect; es detect; fr détect; de erkenn; ru обнаруж распозна; zh 检测 识别
object; es objeto; fr objet; de gegenstand objekt; ru объект предмет; zh 物体 目标
defect; es defect; fr défaut; de mangel ausschuss; ru дефект брак; zh 次品 缺陷 瑕疵
part; es pieza; fr pièce; de teil; ru детал; zh 零件 部件
person; es persona gente; fr personne gens; de mensch person leute; ru человек люд; zh 人 人物
name; es nombre; fr nom; de name; ru имя имен имён назван; zh 名字 名称 姓名
place; es lugar sitio; fr lieu endroit; de ort; ru мест; zh 地点 地方
company; es empresa; fr entreprise société; de firma unternehmen; ru компани фирм; zh 公司 企业
customer; es cliente; fr client; de kunde; ru клиент покупател; zh 客户 顾客
question; es pregunta; fr question; de frage; ru вопрос; zh 问题 提问
answer; es respuesta responder responde; fr répon; de antwort; ru ответ отвеч; zh 回答 答案 回复
chat; es charl chat; fr discut chat conversation; de chat gespräch unterhalt; ru чат беседа разговор; zh 聊天 对话
assistant; es asistente ayudante; fr assistant aide; de assistent helfer; ru помощник ассистент; zh 助手 助理
robot; es robot bot; fr robot bot; de roboter bot; ru робот бот; zh 机器人
agent; es agente; fr agent; de agent; ru агент; zh 智能体 代理
code; es código programa; fr code programm; de code quelltext programm; ru код программ; zh 代码 编程 程序
developer; es programador; fr développeur; de entwickler programmierer; ru разработчик программист; zh 开发者 程序员
test; es prueba probar; fr test essai; de test prüf; ru тест провер; zh 测试
repair; es arregl repar; fr répar; de reparier beheb; ru почин исправ; zh 修复 修理
undo; es deshacer; fr annul; de rückgängig; ru отмен откат; zh 撤销 回滚
file; es archivo fichero; fr fichier; de datei; ru файл; zh 文件
folder; es carpeta; fr dossier; de ordner; ru папк; zh 文件夹
page; es página; fr page; de seite; ru страниц; zh 页 网页
website; es web; fr site; de webseite website; ru сайт; zh 网站
browser; es navegador; fr navigateur; de browser; ru браузер; zh 浏览器
form; es formulario; fr formulaire; de formular; ru форм анкет; zh 表单
fill; es rellen; fr rempli; de ausfüll; ru заполн; zh 填写 填
click; es clic puls; fr cliqu; de klick; ru нажа нажим клик; zh 点击
password; es contraseña; fr passe; de passwort kennwort; ru пароль; zh 密码
login; es iniciar; fr connexion; de anmeld einlogg; ru войти вход авториз; zh 登录
phone; es móvil teléfono; fr téléphone mobile portable; de handy telefon; ru телефон смартфон мобильн; zh 手机 电话
mobile application; es aplicación app; fr application appli; de app anwendung; ru приложен; zh 应用 应用程序
computer; es ordenador computadora; fr ordinateur; de computer rechner; ru компьютер ноутбук; zh 电脑 计算机
own machine; es local propio; fr local propre; de lokal eigen; ru свой своём свое сво локальн; zh 本地 自己的 本机
server; es servidor; fr serveur; de server; ru сервер; zh 服务器
service; es servicio; fr service; de dienst; ru сервис служб; zh 服务
api; es api interfaz; fr api interface; de api schnittstelle; ru api интерфейс; zh 接口
replace; es sustitu reemplaz cambiar; fr remplac; de ersetz austausch; ru заменить замен; zh 替换 代替 取代
rewrite; es reescrib; fr réécri; de umschreib neuschreib; ru переписыва перепис; zh 重写 改写
change; es cambi modific; fr chang modifi; de änder veränder; ru измен поменя; zh 改 修改 改变
add; es añad agreg; fr ajout; de hinzu; ru добав; zh 添加 增加
remove; es quitar borr elimin; fr enlev supprim effac; de entfern lösch; ru убрать удал стереть; zh 删除 去掉 移除
background; es fondo; fr fond; de hintergrund; ru фон; zh 背景
bigger; es grande ampliar agrand; fr grand agrand; de groß vergrößer; ru больш увелич; zh 大 放大
small; es pequeñ; fr petit; de klein; ru маленьк небольш; zh 小 很小
sharp; es nítid; fr net nette; de scharf; ru чётк четк резк; zh 清晰
old; es viejo antigu; fr vieux vieille ancien; de alt; ru стар; zh 旧 老
new; es nuev; fr nouve; de neu; ru нов; zh 新
fast; es rápid veloz; fr rapide vite; de schnell; ru быстр; zh 快 快速
slow; es lent; fr lent; de langsam; ru медлен; zh 慢 太慢
free; es gratis gratuit; fr gratuit; de kostenlos gratis umsonst; ru бесплатн; zh 免费
paid; es pago pagar paga; fr payant payer; de bezahl kostenpflichtig; ru платн плат; zh 付费 收费 花钱
cheap; es barat; fr cher; de billig günstig; ru дешев дешёв; zh 便宜
memory; es memoria; fr mémoire; de speicher; ru памят; zh 内存 显存
graphics card; es gráfica tarjeta; fr graphique; de grafikkarte; ru видеокарт; zh 显卡
model; es modelo; fr modèle; de modell; ru модел; zh 模型
train; es entren; fr entraîn; de trainier; ru обуч тренир; zh 训练
teach; es enseñ; fr enseign apprendre; de beibring lehr; ru научить учить; zh 教
learn; es aprend; fr appren; de lern; ru учи изуч; zh 学 学习 学会
example; es ejemplo; fr exemple; de beispiel; ru пример; zh 样本 例子
lesson; es lección clase curso; fr leçon cours; de lektion kurs unterricht; ru урок курс; zh 课程 教程
homework; es deberes tarea; fr devoirs; de hausaufgabe; ru домашн; zh 作业
child; es niñ hij; fr enfant; de kind; ru ребён ребен дет; zh 孩子 儿童
classify; es clasific; fr class; de klassif sortier einordn; ru классиф сортир; zh 分类 归类
extract; es extra; fr extra; de extrah herauslös; ru извле; zh 提取 抽取
compare; es compar; fr compar; de vergleich; ru сравн; zh 比较 对比
measure; es medir mide; fr mesur; de mess; ru измер оцен; zh 测量 评估 衡量
predict; es predec predic pronostic; fr prédi prévoir; de vorhers prognos; ru предсказ прогноз; zh 预测
reason; es razon; fr raison; de schlussfolger denk; ru рассужд логик; zh 推理
mathematics; es matemátic; fr math; de mathe; ru математ; zh 数学
plan; es plan; fr plan; de plan; ru план; zh 计划 规划
automatically; es automátic automatiz; fr automat; de automat; ru автомат; zh 自动
control; es control manej; fr contrôl; de steuer; ru управл; zh 控制
connect; es conect; fr connect reli; de verbind; ru подключ соедин; zh 连接 接入
remember; es record; fr souven rappel; de erinner merk; ru запомин помн; zh 记住 记忆
store; es guard almacen; fr enregistr stock; de speicher ablege; ru сохран хран; zh 保存 存储
camera; es cámara; fr caméra; de kamera; ru камер; zh 摄像头 相机
car; es coche carro auto; fr voiture; de auto; ru машин автомоб; zh 汽车 车辆 车
street; es calle; fr rue; de straße; ru улиц; zh 街道 路
dog; es perro; fr chien; de hund; ru собак; zh 狗
cat; es gato; fr chat; de katze; ru кошк кот; zh 猫
clothes; es ropa; fr vêtement; de kleidung; ru одежд; zh 衣服 服装
style; es estilo; fr style; de stil; ru стил; zh 风格
poem; es poema; fr poème; de gedicht; ru стих; zh 诗
story; es cuento historia; fr histoire conte; de geschichte; ru истори рассказ сказк; zh 故事
letter; es carta; fr lettre; de brief; ru письм; zh 信 邮件
email; es correo; fr courriel mail; de mail; ru почт; zh 邮件
meeting; es reunión; fr réunion; de besprechung sitzung; ru встреч совещан; zh 会议
calendar; es calendario; fr calendrier agenda; de kalender; ru календар; zh 日历
private; es privad secret; fr privé; de privat vertraulich; ru приватн секрет конфиденц; zh 隐私 保密
safe; es segur; fr sécur sûr; de sicher; ru безопасн; zh 安全
dangerous; es peligros; fr dangereu; de gefährlich; ru опасн; zh 危险
doctor; es médic; fr médecin; de arzt; ru врач медицин; zh 医生 医疗
money; es dinero; fr argent; de geld; ru деньг; zh 钱
without internet; es internet conexión; fr internet hors; de internet offline; ru интернет офлайн; zh 离线 断网 没有网络
keyboard; es teclado; fr clavier; de tastatur; ru клавиатур; zh 键盘
screen; es pantalla; fr écran; de bildschirm; ru экран; zh 屏幕
editor; es editor; fr éditeur; de editor; ru редактор; zh 编辑器
library; es biblioteca librería; fr bibliothèque; de bibliothek; ru библиотек; zh 库 程序库
version; es versión; fr version; de version; ru верси; zh 版本
instructions; es instruc; fr instruc consigne; de anweisung anleitung; ru инструкц; zh 指令 说明
game; es juego; fr jeu; de spiel; ru игр; zh 游戏
many; es much vari; fr beaucoup plusieurs; de viel mehrere; ru много нескольк; zh 很多 多个 大量
similar; es parecid similar; fr semblable similaire; de ähnlich; ru похож; zh 相似 类似
user; es usuario; fr utilisateur; de benutzer nutzer; ru пользовател; zh 用户
"""
