extension CampaignTemplate {
  static let english: [(path: String, text: String)] = [
    (
      "pipeline.yaml",
      #"""
      # The pipeline of one inspection campaign. Paths are relative to this folder.
      # Check: fieldtally check .      Run: fieldtally run . (results are in the folder out)
      fieldtally: 1
      campaign:
        id: example-2024                     # letters, digits, - and _
        title: {zh: 示例督查行动, en: Example inspection}
        window: 2024-05-06/2024-05-17        # first and last day of the visits
        language: en                         # of headings and messages: zh or en
        tolerance: 20                        # percent of rejected records beyond which the run ends with status 1
      roster:                                # CSV files, in any encoding
        units: reference/units.csv           # the units that are to be visited
        teams: reference/teams.csv
        regions: reference/regions.csv
      codelists:
        method: codelists/method.csv
        category: codelists/category.csv
      sources:
        - name: interviews                   # letters, digits, - and _
          title: {zh: 访谈台账, en: Interview ledger}
          files: inbox/**/interviews*.csv    # inbox is the inbox folder; ** stands for any folders
          schema: schemas/interviews.yaml    # which fields there are, and what is right in them
          unit: unit                         # the field that names the unit: by code, name or alias
          team: team
          date: visit_date
          method: method
          fill-down: [unit, team, visit_date]   # merged cells: a blank takes the value of the row above
          findings:                          # each numbered item of a cell is a finding
            - {kind: highlight, from: highlights, split: numbered}
            - {kind: problem, from: problems, split: numbered, category: category}

      """#
    ),
    (
      "schemas/interviews.yaml",
      #"""
      # Fields of the interview ledger, as Table Schema has them (specs.frictionlessdata.io); keys with x- are ours.
      missingValues: ["", none, n/a, "-"]      # written for "nothing"
      fields:
        - name: unit
          title: {zh: 单位, en: Unit}
          x-aliases: [Unit, Unit visited]      # headers that teams may use
          constraints: {required: true}
        - name: team
          title: {zh: 督查组, en: Team}
          x-aliases: [Team]
        - name: visit_date
          title: {zh: 走访日期, en: Date of the visit}
          x-aliases: [Date, Date of the visit]
          type: date
          format: any                          # 2024-05-07, 2024/5/7, 20240507 …
          x-normalize: [width, excel-serial]
          constraints: {required: true, minimum: 2024-05-06, maximum: 2024-05-17}
        - name: method
          title: {zh: 方式, en: Method}
          x-aliases: [Method]
          x-codelist: method                   # only codes, labels and aliases of the list
        - name: people
          title: {zh: 访谈人数, en: People interviewed}
          x-aliases: [People, People interviewed]
          type: integer
          x-normalize: [width, number-marks]
          constraints: {minimum: 0, maximum: 500}
        - name: highlights
          title: {zh: 特色亮点, en: Highlights}
          x-aliases: [Highlights]
        - name: problems
          title: {zh: 存在问题, en: Problems}
          x-aliases: [Problems]
        - name: category
          title: {zh: 问题类别, en: Category of the problem}
          x-aliases: [Category]
          x-codelist: category

      """#
    ),
    (
      "reference/units.csv",
      """
      code,name,name_en,aliases,region,type,planned,team
      U01,示例县人力资源局,Example County HR Bureau,HR Bureau,900101,department,yes,T1
      U02,示例县教育局,Example County Education Bureau,Education Bureau,900101,department,yes,T1
      U03,示例县第一中学,Example County No. 1 School,No. 1 School,900101,school,yes,T2
      U04,示例市科技园,Example City Science Park,Science Park,900102,park,yes,T2

      """
    ),
    (
      "reference/teams.csv",
      """
      code,name,name_en,aliases
      T1,第一督查组,Team 1,first team
      T2,第二督查组,Team 2,second team

      """
    ),
    (
      "reference/regions.csv",
      """
      code,name,name_en,parent
      9001,示例州,Example Prefecture,
      900101,示例县,Example County,9001
      900102,示例市,Example City,9001

      """
    ),
    (
      "codelists/method.csv",
      """
      code,zh,en,aliases
      interview,个别访谈,Interview,talk
      ledger,查阅台账,Consulting ledgers,ledgers
      site,实地走访,Site visit,visit
      report,听取汇报,Hearing reports,hearing

      """
    ),
    (
      "codelists/category.csv",
      """
      code,zh,en,aliases
      policy,政策落实,Policy,rules
      service,服务保障,Service,services
      funding,资金保障,Funding,money

      """
    ),
    (
      "inbox/team-1/interviews-example.csv",
      """
      Unit,Team,Date,Method,People,Highlights,Problems,Category
      HR Bureau,Team 1,2024-05-07,Interview,3,"1. One counter for all
      2. Answers within a week",none,
      ,,,Consulting ledgers,2,,"1. Ledgers are out of date
      2. Duties are not clear",policy
      U02,Team 1,2024/5/8,talk,12,Flats for teachers are ready,Money comes late,Funding
      No. 1 School,Team 2,2024-05-09,Site visit,15,,Not enough hot water in the dormitory,service
      Science Park,Team 2,20240510,Hearing reports,5,1. A workstation for experts,,
      Science Park,Team 2,2024-05-32,Interview,4,,"There is no such day: this row is rejected, and it is said why",service

      """
    ),
  ]
}
