//! Families of England, Scotland, Wales, Ireland and the Caribbean.

use super::{Custom, Given, Origin};

pub(super) const ALL: &[Origin] = &[ENGLISH, SCOTTISH, WELSH, IRISH, CARIBBEAN, JEWISH];

pub(super) const ENGLISH: Origin = Origin {
    share: 590,
    ethnicity: "A",
    language: "",
    religion: "C22",
    custom: Custom::Isles,
    families: "Smith, Taylor, Brown, Wilson, Johnson, Walker, Wright, Robinson, Thompson, White, Hughes, \
        Edwards, Green, Hall, Wood, Harris, Clarke, Jackson, Turner, Hill, Cooper, Ward, Moore, Clark, \
        Baker, Harrison, King, Allen, Mitchell, Lee, Carter, Richardson, Shaw, Bennett, Cook, Parker, \
        Marshall, Adams, Barker, Ellis, Palmer, Mason, Webb, Rogers, Holmes, Knight, Butler, Russell, \
        Fisher, Barnes, Dixon, Fletcher, Hunt, Matthews, Bradley, Ashworth, Hargreaves, Entwistle, \
        Thistlethwaite, Featherstonehaugh, Birtwhistle, Cholmondeley, Ramsbottom, Sutcliffe, \
        Pickersgill, Longbottom, Oldroyd, Shufflebottom, Winterbourne, St John, Le Marchant, Fforbes, \
        Tempest, Greaves, Blackwood, Day, Fox, Lamb, Rose, Summers, May, Christmas, Null, Test, \
        Ng-Harper, D'Arcy, De Vere, Hall-Jones, Poole, Reid, Phillips, Read, Stevens, Stephens, Davis, \
        Lewis",
    women: Given::Years([
        "Dorothy, Margaret, Joan, Doris, Jean, Kathleen, Irene, Betty, Mary, Edna, Joyce, Ivy, Sheila, \
        Audrey, Marjorie, Winifred, Hilda, Beryl, Eileen, Vera, Muriel, Elsie",
        "Susan, Christine, Patricia, Margaret, Linda, Carol, Ann, Anne, Janet, Pauline, Barbara, \
        Jacqueline, Julie, Karen, Deborah, Catherine, Katherine, Gillian, Sandra",
        "Sarah, Sara, Claire, Clare, Nicola, Emma, Joanne, Lisa, Helen, Rachel, Samantha, Rebecca, \
        Louise, Victoria, Kelly, Gemma, Laura, Kathryn, Alison, Zoë",
        "Jessica, Lauren, Charlotte, Hannah, Chloe, Megan, Sophie, Amy, Emily, Georgia, Bethany, Katie, \
        Molly, Ellie, Holly, Jade, Abigail, Poppy, Chloë",
        "Olivia, Amelia, Isla, Ava, Ivy, Florence, Freya, Lily, Mia, Willow, Rosie, Evie, Elsie, Harper, \
        Maisie, Phoebe, Matilda, Renée, Aurora-Rose",
    ]),
    men: Given::Years([
        "John, William, George, Ronald, Kenneth, Arthur, Frederick, Albert, Stanley, Harold, Leslie, \
        Ernest, Norman, Dennis, Reginald, Sidney, Cyril, Raymond, Eric, Jack",
        "David, John, Peter, Michael, Alan, Allan, Robert, Stephen, Steven, Paul, Brian, Graham, Philip, \
        Anthony, Colin, Christopher, Geoffrey, Jeffrey, Keith, Barry, Trevor",
        "Andrew, Mark, Matthew, Simon, Lee, Richard, James, Jason, Darren, Stuart, Stewart, Gary, Neil, \
        Craig, Jonathan, Wayne, Adrian, Timothy, Nicholas, Daniel",
        "Thomas, Joshua, Jack, Ryan, Luke, Connor, Liam, Jordan, Adam, Callum, Nathan, Benjamin, Samuel, \
        Kieran, Jake, Bradley, Jonathon, Ashley, Lewis",
        "Oliver, George, Noah, Arthur, Harry, Leo, Muhammad, Oscar, Archie, Theodore, Henry, Finley, \
        Jude, Albie, Reggie, Teddy, Alfie-James, Jaxon, Ezra",
    ]),
};

pub(super) const SCOTTISH: Origin = Origin {
    share: 45,
    families: "MacDonald, McDonald, Campbell, Stewart, Robertson, Thomson, Anderson, Macleod, Mackay, Murray, \
        Fraser, Cameron, Sinclair, Buchanan, Mac an t-Saoir, McIntyre, Colquhoun, Menzies, Dalziel, \
        Farquharson, Ross, Gillespie",
    women: Given::Years([
        "Isabella, Agnes, Jean, Margaret, Morag, Elspeth, Netta",
        "Fiona, Moira, Lorna, Aileen, Sheena, Catriona, Rhona",
        "Kirsty, Shona, Eilidh, Mhairi, Gillian, Heather",
        "Eilidh, Rhona, Iona, Skye, Catriona, Kirsten",
        "Isla, Orla, Ailsa, Eilidh, Maisie, Flora",
    ]),
    men: Given::Years([
        "Hamish, Angus, Alexander, William, Duncan, Archibald",
        "Iain, Ian, Alasdair, Alistair, Gordon, Kenneth, Douglas",
        "Callum, Calum, Scott, Euan, Ewan, Ruaridh, Fraser",
        "Craig, Fergus, Struan, Finlay, Rory, Lewis",
        "Finlay, Rory, Lachlan, Brodie, Fraser, Angus",
    ]),
    ..ENGLISH
};

pub(super) const WELSH: Origin = Origin {
    share: 45,
    families: "Jones, Davies, Williams, Evans, Thomas, Roberts, Lewis, Griffiths, Morgan, Llewellyn, Pugh, \
        Rhys, Bowen, ap Gwilym, Prosser, Howells, Lloyd, Vaughan, Gethin, Owen",
    women: Given::Years([
        "Gwenllian, Myfanwy, Blodwen, Olwen, Mair, Megan",
        "Eirlys, Menna, Rhiannon, Siân, Glenys, Carys",
        "Bethan, Nia, Lowri, Angharad, Catrin, Sian",
        "Ffion, Cerys, Carys, Seren, Lowri, Non",
        "Erin, Mali, Cadi, Seren, Alys, Efa",
    ]),
    men: Given::Years([
        "Idris, Emrys, Ivor, Gwilym, Evan, Trefor",
        "Gareth, Huw, Alun, Geraint, Dafydd, Meirion",
        "Rhodri, Iwan, Aled, Gethin, Rhys, Emyr",
        "Rhys, Owain, Dylan, Ieuan, Morgan, Gruffydd",
        "Osian, Macsen, Gruff, Tomos, Elis, Jac",
    ]),
    ..ENGLISH
};

pub(super) const IRISH: Origin = Origin {
    share: 35,
    ethnicity: "B",
    religion: "C63",
    families: "Murphy, Kelly, O'Sullivan, Walsh, O'Brien, Byrne, Ryan, O'Connor, O'Neill, O'Neil, O'Reilly, \
        Doyle, McCarthy, Gallagher, Doherty, Kennedy, Ní Dhomhnaill, Ó Súilleabháin, Fitzgerald, Mac \
        Giolla Phádraig, Brennan, Quinn, McLoughlin",
    women: Given::Years([
        "Bridget, Nora, Kathleen, Philomena, Bernadette",
        "Bríd, Maureen, Deirdre, Noreen, Breda",
        "Siobhán, Siobhan, Sinéad, Gráinne, Orla, Aoife",
        "Niamh, Aoife, Ciara, Saoirse, Caoimhe",
        "Fiadh, Éabha, Róisín, Clodagh, Saoirse",
    ]),
    men: Given::Years([
        "Patrick, Michael, Denis, Cornelius, Jeremiah",
        "Seán, Sean, Declan, Brendan, Eamonn",
        "Ciarán, Kieran, Conor, Colm, Fergal",
        "Oisín, Cian, Eoin, Darragh, Tadhg",
        "Fionn, Rían, Cillian, Tadhg, Oisín",
    ]),
    ..ENGLISH
};

const CARIBBEAN: Origin = Origin {
    share: 22,
    ethnicity: "M",
    families: "Campbell, Brown, Williams, Francis, Grant, Gordon, Bailey, Morgan, Thompson, Clarke, Lewis, \
        Richards, Samuels, Blake, Henry, St Hilaire, Baptiste, Charles, Peters, Johnson",
    women: Given::Years([
        "Icilda, Pearl, Ivy, Myrtle, Sylvia",
        "Beverley, Yvonne, Marcia, Sonia, Hyacinth",
        "Michelle, Natasha, Simone, Sharon, Natalie",
        "Shanice, Jade, Chantelle, Aaliyah, Keisha",
        "Amara, Zuri, Nevaeh, Amaya, Tiana",
    ]),
    men: Given::Years([
        "Cecil, Clifton, Winston, Egbert, Vincent",
        "Errol, Delroy, Trevor, Leroy, Carlton",
        "Marlon, Dwayne, Leon, Jermaine, Andre",
        "Tyrone, Jerome, Kai, Reece, Romario",
        "Zion, Elijah, Malachi, Kaiden, Micah",
    ]),
    ..ENGLISH
};

const JEWISH: Origin = Origin {
    share: 6,
    religion: "J",
    families: "Cohen, Levy, Goldberg, Rosen, Katz, Freedman, Abrahams, Rosenthal, Stern",
    women: Given::Always("Miriam, Esther, Ruth, Leah, Rivka, Shoshana, Naomi, Hannah"),
    men: Given::Always("Aaron, Moshe, David, Samuel, Eli, Yosef, Menachem, Joel"),
    ..ENGLISH
};
