//! Families from elsewhere.

use super::{Custom, Given, Origin};

pub(super) const ALL: &[Origin] = &[
    PAKISTANI,
    BANGLADESHI,
    GUJARATI,
    PUNJABI,
    SOUTH_INDIAN,
    TAMIL,
    NIGERIAN,
    GHANAIAN,
    ZIMBABWEAN,
    SOMALI,
    ARAB,
    TURKISH,
    IRANIAN,
    AFGHAN,
    CHINESE,
    VIETNAMESE,
    FILIPINO,
    POLISH,
    ROMANIAN,
    LITHUANIAN,
    UKRAINIAN,
    BULGARIAN,
    PORTUGUESE,
    SPANISH,
    ITALIAN,
    GREEK,
    GERMAN,
    FRENCH,
    NORDIC,
];

const BASE: Origin = Origin {
    share: 1,
    ethnicity: "C",
    language: "",
    religion: "",
    custom: Custom::Plain,
    families: "",
    women: Given::Always(""),
    men: Given::Always(""),
};

const PAKISTANI: Origin = Origin {
    share: 30,
    ethnicity: "J",
    language: "urd",
    religion: "M",
    families: "Khan, Hussain, Hussein, Ahmed, Ahmad, Mahmood, Malik, Akhtar, Iqbal, Mirza, Shah, Raja, Butt, \
        Chaudhry, Qureshi, Siddiqui, Bibi, Rehman, Kahn",
    women: Given::Always(
        "Fatima, Fatimah, Aisha, Ayesha, Zainab, Nasreen, Shabana, Rukhsana, Maryam, Saima, Sadia, \
        Khadija, Noor, Hafsa",
    ),
    men: Given::Always(
        "Mohammed, Muhammad, Mohammad, Imran, Tariq, Asif, Bilal, Usman, Zubair, Yusuf, Haroon, Ibrahim, \
        Shahid, Adeel",
    ),
    ..BASE
};

const BANGLADESHI: Origin = Origin {
    share: 12,
    ethnicity: "K",
    language: "ben",
    religion: "M",
    families: "Begum, Begam, Miah, Uddin, Ali, Rahman, Islam, Khatun, Chowdhury, Hoque, Haque",
    women: Given::Always("Rahima, Shirin, Nazma, Sultana, Taslima, Farida, Ruksana, Tahmina"),
    men: Given::Always("Abdul, Shah, Kamal, Rafiq, Jamal, Mohammed, Syed, Anwar, Faruk"),
    ..BASE
};

const GUJARATI: Origin = Origin {
    share: 16,
    ethnicity: "H",
    language: "guj",
    religion: "D",
    families: "Patel, Shah, Mehta, Desai, Joshi, Parmar, Solanki, Chauhan, Trivedi, Modi, Amin",
    women: Given::Always("Hansa, Jyoti, Bhavna, Nisha, Rekha, Meera, Priya, Kavita, Hema, Diya"),
    men: Given::Always("Rajesh, Kiran, Dinesh, Mahesh, Nikhil, Jayesh, Hitesh, Sanjay, Aarav"),
    ..BASE
};

const PUNJABI: Origin = Origin {
    share: 13,
    ethnicity: "H",
    language: "pan",
    religion: "G",
    custom: Custom::Sikh,
    families: "Gill, Dhillon, Sandhu, Sidhu, Grewal, Bains, Sohal, Atwal, Johal, Dhaliwal",
    women: Given::Always("Harpreet, Jaswinder, Manjit, Gurpreet, Amrit, Simran, Baljit, Kiran"),
    men: Given::Always("Harpreet, Jaswinder, Manjit, Gurpreet, Amrit, Baljit, Sukhdev, Jagjit"),
};

const SOUTH_INDIAN: Origin = Origin {
    share: 7,
    ethnicity: "H",
    language: "mal",
    families: "Nair, Menon, Thomas, Mathew, Varghese, Pillai, Kurian, George, Reddy, Iyer",
    women: Given::Always("Lakshmi, Anjali, Divya, Bindu, Shiny, Jincy, Deepa, Sreeja"),
    men: Given::Always("Anil, Suresh, Jacob, Shaji, Biju, Arun, Vineeth, Rajan"),
    ..BASE
};

const TAMIL: Origin = Origin {
    share: 5,
    ethnicity: "L",
    language: "tam",
    religion: "D",
    families: "Sivanesan, Balasubramaniam, Kanagasabapathy, Rajaratnam, Thiruchelvam, Selvarajah, \
        Venkatanarasimharajuvaripeta, Krishnamoorthy, Nadarajah",
    women: Given::Always("Thilagavathy, Malathi, Vasanthi, Kamala, Abirami, Sivakumari"),
    men: Given::Always("Sivakumaran, Ganesh, Murugan, Yogarajah, Thevarajah, Ramanan"),
    ..BASE
};

const NIGERIAN: Origin = Origin {
    share: 16,
    ethnicity: "N",
    religion: "C",
    families: "Adeyemi, Okafor, Oluwaseun, Ogunleye, Nwosu, Eze, Adébáyò, Balogun, Okonkwo, Abiola, \
        Onyekachukwu, Ibrahim, Olúṣẹ́gun, Chukwuemeka",
    women: Given::Always("Ngozi, Folasade, Chidinma, Blessing, Titilayo, Amaka, Oluwatoyin, Ifeoma"),
    men: Given::Always("Chidi, Oluwaseun, Emeka, Tunde, Babatunde, Ikenna, Ayodele, Obinna"),
    ..BASE
};

const GHANAIAN: Origin = Origin {
    share: 7,
    ethnicity: "N",
    religion: "C",
    families: "Mensah, Osei, Owusu, Boateng, Asante, Appiah, Agyeman, Ofori, Ansah",
    women: Given::Always("Akosua, Abena, Ama, Efua, Adwoa, Grace, Comfort, Afia"),
    men: Given::Always("Kwame, Kofi, Kwabena, Yaw, Kwaku, Emmanuel, Kojo"),
    ..BASE
};

const ZIMBABWEAN: Origin = Origin {
    share: 5,
    ethnicity: "N",
    religion: "C",
    families: "Moyo, Ncube, Dube, Ndlovu, Chikwanha, Mutasa, Sibanda, Nyathi",
    women: Given::Always("Tendai, Rudo, Nyasha, Memory, Precious, Sibongile, Chipo"),
    men: Given::Always("Tendai, Tafadzwa, Farai, Innocent, Blessing, Tawanda, Nhlanhla"),
    ..BASE
};

const SOMALI: Origin = Origin {
    share: 6,
    ethnicity: "N",
    language: "som",
    religion: "M",
    custom: Custom::Fathers,
    families: "Abdi, Warsame, Hassan, Mohamed, Farah, Jama, Ali, Omar, Ismail, Aden",
    women: Given::Always("Hodan, Asha, Ifrah, Sahra, Fadumo, Hibo, Amina"),
    men: Given::Always("Abdirahman, Mohamed, Abdullahi, Ahmed, Mahad, Liban, Said"),
};

const ARAB: Origin = Origin {
    share: 10,
    ethnicity: "S",
    language: "ara",
    religion: "M",
    families: "Al-Masri, El Sayed, Haddad, Al Hashimi, Abu Zayd, Mansour, Bin Saleh, Al-Rashid",
    women: Given::Always("Layla, Mariam, Nour, Huda, Salma, Rania, Yasmin, Zahra"),
    men: Given::Always("Omar, Khaled, Ali, Mustafa, Karim, Abd al-Rahman, Tarek, Youssef"),
    ..BASE
};

const TURKISH: Origin = Origin {
    share: 6,
    language: "tur",
    religion: "M",
    families: "Yılmaz, Demir, Çelik, Şahin, Öztürk, Kılıç, Aydın, Güneş, Doğan",
    women: Given::Always("Ayşe, Elif, Zeynep, Hatice, Gülşen, Özlem, Çiğdem"),
    men: Given::Always("Mehmet, Yusuf, Emre, Hüseyin, İbrahim, Cem, Oğuz"),
    ..BASE
};

const IRANIAN: Origin = Origin {
    share: 4,
    ethnicity: "S",
    language: "fas",
    families: "Hosseini, Ahmadi, Rezaei, Karimi, Tehrani, Mousavi, Jafari",
    women: Given::Always("Shirin, Parisa, Nasrin, Leila, Mahsa, Azadeh"),
    men: Given::Always("Reza, Amir, Hossein, Dariush, Behrouz, Kaveh"),
    ..BASE
};

const AFGHAN: Origin = Origin {
    share: 5,
    ethnicity: "L",
    language: "pus",
    religion: "M",
    families: "Ahmadzai, Noorzai, Stanikzai, Popalzai, Khan, Rahimi, Sahak",
    women: Given::Always("-, -, Zarghuna, Palwasha, Malalai, Shaista"),
    men: Given::Always("-, -, Najibullah, Hamid, Gulab, Sher"),
    ..BASE
};

const CHINESE: Origin = Origin {
    share: 12,
    ethnicity: "R",
    language: "zho",
    families: "Wong, Chan, Li, Zhang, Wang, Chen, Lau, Cheung, Ng, Ho, Xu, Lü, O",
    women: Given::Always("Mei-Ling, Ka Yan, Wing Sze, Xiaoyan, Li Na, Siu Fong, Hiu Tung, Yu"),
    men: Given::Always("Wei, Ka Ho, Chi Keung, Jian, Wai Man, Hao, Tsz Kit, Bo"),
    ..BASE
};

const VIETNAMESE: Origin = Origin {
    share: 4,
    ethnicity: "L",
    language: "vie",
    families: "Nguyễn, Trần, Lê, Phạm, Nguyen, Tran, Đặng",
    women: Given::Always("Thị Hương, Thu Thảo, Mai, Ngọc Ánh, Lan"),
    men: Given::Always("Văn Minh, Quốc Huy, Đức, Hùng, Anh Tuấn"),
    ..BASE
};

const FILIPINO: Origin = Origin {
    share: 6,
    ethnicity: "L",
    religion: "C63",
    families: "Santos, Reyes, dela Cruz, Bautista, Villanueva, Macaraeg, Peña",
    women: Given::Always("Maria Cristina, Rosario, Jocelyn, Analyn, Ma. Theresa, Jennilyn"),
    men: Given::Always("Jose Mari, Rodel, Ramon, Arnel, Jhun, Ferdinand"),
    ..BASE
};

const POLISH: Origin = Origin {
    share: 18,
    language: "pol",
    religion: "C63",
    families: "Nowak, Kowalski|Kowalska, Wiśniewski|Wiśniewska, Wójcik, Kamiński|Kamińska, \
        Lewandowski|Lewandowska, Zieliński|Zielińska, Woźniak, Dąbrowski|Dąbrowska, \
        Szczepański|Szczepańska, Brzęczyszczykiewicz",
    women: Given::Always("Anna, Katarzyna, Małgorzata, Agnieszka, Krystyna, Zofia, Stanisława, Ewa"),
    men: Given::Always("Piotr, Krzysztof, Andrzej, Tomasz, Paweł, Stanisław, Łukasz, Marek"),
    ..BASE
};

const ROMANIAN: Origin = Origin {
    share: 14,
    language: "ron",
    families: "Popescu, Ionescu, Popa, Rădulescu, Țurcanu, Dumitru, Stoica, Ștefan, Gheorghe",
    women: Given::Always("Maria, Elena, Ioana, Andreea, Mădălina, Ștefania, Ana-Maria"),
    men: Given::Always("Ion, Andrei, Gheorghe, Mihai, Ștefan, Cătălin, Vasile"),
    ..BASE
};

const LITHUANIAN: Origin = Origin {
    share: 5,
    language: "lit",
    families: "Kazlauskas|Kazlauskienė, Petrauskas|Petrauskienė, Jankauskas|Jankauskaitė, Žukauskas|Žukauskienė",
    women: Given::Always("Rūta, Jūratė, Eglė, Živilė, Daiva"),
    men: Given::Always("Jonas, Mindaugas, Vytautas, Žydrūnas, Darius"),
    ..BASE
};

const UKRAINIAN: Origin = Origin {
    share: 5,
    language: "ukr",
    families: "Shevchenko, Kovalenko, Bondarenko, Melnyk, Tkachenko, Kravchuk, Pidhirnyi|Pidhirna",
    women: Given::Always("Oksana, Olena, Natalia, Iryna, Kateryna, Svitlana"),
    men: Given::Always("Oleksandr, Volodymyr, Andrii, Serhii, Mykola, Taras"),
    ..BASE
};

const BULGARIAN: Origin = Origin {
    share: 4,
    language: "bul",
    families: "Ivanov|Ivanova, Dimitrov|Dimitrova, Georgiev|Georgieva, Petrov|Petrova, Todorov|Todorova",
    women: Given::Always("Mariya, Desislava, Elena, Gergana, Rositsa"),
    men: Given::Always("Georgi, Ivan, Dimitar, Plamen, Stoyan"),
    ..BASE
};

const PORTUGUESE: Origin = Origin {
    share: 7,
    language: "por",
    religion: "C63",
    custom: Custom::Long,
    families: "Silva, Santos, Ferreira, Pereira, Gonçalves, Conceição, Simões, Magalhães, Brandão",
    women: Given::Always("Maria, Conceição, Beatriz, Inês, Fátima, Luísa"),
    men: Given::Always("João, José, António, Rui, Tiago, Nuno"),
    ..BASE
};

const SPANISH: Origin = Origin {
    share: 5,
    language: "spa",
    religion: "C63",
    custom: Custom::TwoFamilies,
    families: "García, Fernández, Muñoz, López, Martínez, Núñez, Ibáñez, Vázquez, Etxebarria",
    women: Given::Always("María, Begoña, Lucía, Carmen, Nuria, Íñiga"),
    men: Given::Always("José, Íñigo, Ángel, Javier, Óscar, Andrés"),
    ..BASE
};

const ITALIAN: Origin = Origin {
    share: 7,
    language: "ita",
    families: "Rossi, D'Angelo, Esposito, Russo, De Luca, Dell'Acqua, Colò, Bianchi",
    women: Given::Always("Giulia, Francesca, Assunta, Concetta, Chiara, Lucia"),
    men: Given::Always("Giovanni, Salvatore, Niccolò, Antonio, Luca, Pasquale"),
    ..BASE
};

const GREEK: Origin = Origin {
    share: 5,
    language: "ell",
    families: "Papadopoulos|Papadopoulou, Georgiou, Ioannou, Christodoulou, Hadjigeorgiou, Demetriou",
    women: Given::Always("Maria, Eleni, Androulla, Katerina, Despina"),
    men: Given::Always("Georgios, Andreas, Costas, Panayiotis, Yiannis"),
    ..BASE
};

const GERMAN: Origin = Origin {
    share: 4,
    language: "deu",
    families: "Müller, Schäfer, von der Heide, Groß, Böhm, Weiß, Freiherr von Stauffacher-Lichtenegg",
    women: Given::Always("Ursula, Käthe, Sabine, Lena, Jürgena"),
    men: Given::Always("Jürgen, Wolfgang, Jörg, Lukas, Björn"),
    ..BASE
};

const FRENCH: Origin = Origin {
    share: 4,
    language: "fra",
    families: "Lefèvre, Dupont, d'Aubigny, L'Hôpital, Béranger, Noël, Le Goff, Saint-Exupéry-Lacour",
    women: Given::Always("Hélène, Anaïs, Françoise, Noémie, Marie-Thérèse"),
    men: Given::Always("Jérôme, François, Jean-Baptiste, Loïc, Benoît"),
    ..BASE
};

const NORDIC: Origin = Origin {
    share: 3,
    families: "Sørensen, Åberg, Hämäläinen, Þorsteinsson|Þorsteinsdóttir, Jónsson|Jónsdóttir, Øvergård",
    women: Given::Always("Åse, Guðrún, Søs, Päivi, Maj-Britt"),
    men: Given::Always("Søren, Åke, Þór, Jørgen, Väinö"),
    ..BASE
};
