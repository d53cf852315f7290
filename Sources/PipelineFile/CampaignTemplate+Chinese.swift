extension CampaignTemplate {
  static let chinese: [(path: String, text: String)] = [
    (
      "pipeline.yaml",
      #"""
      # 一次督查行动的流程文件。路径都以本目录为起点。
      # 检查：fieldtally check .      运行：fieldtally run .（结果在 out 目录）
      fieldtally: 1
      campaign:
        id: example-2024                     # 英文字母、数字、- 和 _
        title: {zh: 示例督查行动, en: Example inspection}
        window: 2024-05-06/2024-05-17        # 走访的起止日期；“5月7日”由此得到年份
        language: zh                         # 表头和提示的语言：zh 或 en
        tolerance: 20                        # 退回的记录超过百分之几，运行以状态 1 结束
      roster:                                # 名册：CSV 文件，任何编码
        units: reference/units.csv           # 计划走访的单位
        teams: reference/teams.csv           # 督查组
        regions: reference/regions.csv       # 行政区划
      codelists:                             # 代码表
        method: codelists/method.csv
        category: codelists/category.csv
      sources:
        - name: interviews                   # 英文字母、数字、- 和 _
          title: {zh: 访谈台账, en: Interview ledger}
          files: inbox/**/访谈台账*.csv       # inbox 是收件夹；** 代表任意层目录
          schema: schemas/interviews.yaml    # 有哪些字段，怎样才算填对
          unit: unit                         # 哪个字段写单位：代码、名称或别名都可以
          team: team
          date: visit_date
          method: method
          fill-down: [unit, team, visit_date]   # 合并单元格：空白取上一行的值
          findings:                          # 一格里编号的每一条是一个发现
            - {kind: highlight, from: highlights, split: numbered}
            - {kind: problem, from: problems, split: numbered, category: category}

      """#
    ),
    (
      "schemas/interviews.yaml",
      #"""
      # 访谈台账的字段，写法是 Table Schema（specs.frictionlessdata.io），x- 开头的是本软件的补充。
      missingValues: ["", 无, /, "-", 暂无]     # 这些写法等于没有填
      fields:
        - name: unit
          title: {zh: 单位, en: Unit}
          x-aliases: [单位, 单位名称, 被访单位]   # 各组可能用的表头
          constraints: {required: true}
        - name: team
          title: {zh: 督查组, en: Team}
          x-aliases: [督查组, 组别]
        - name: visit_date
          title: {zh: 走访日期, en: Date of the visit}
          x-aliases: [走访日期, 日期]
          type: date
          format: any                          # 2024-05-07、2024/5/7、2024年5月7日 ……
          x-normalize: [width, excel-serial, campaign-year]
          constraints: {required: true, minimum: 2024-05-06, maximum: 2024-05-17}
        - name: method
          title: {zh: 方式, en: Method}
          x-aliases: [方式, 督查方式]
          x-codelist: method                   # 只能是代码表里的代码、名称或别名
        - name: people
          title: {zh: 访谈人数, en: People interviewed}
          x-aliases: [访谈人数, 人数]
          type: integer
          x-normalize: [width, chinese-numerals, number-marks]   # １２、十二、12人 都读作 12
          constraints: {minimum: 0, maximum: 500}
        - name: highlights
          title: {zh: 特色亮点, en: Highlights}
          x-aliases: [特色亮点, 亮点]
        - name: problems
          title: {zh: 存在问题, en: Problems}
          x-aliases: [存在问题, 问题]
        - name: category
          title: {zh: 问题类别, en: Category of the problem}
          x-aliases: [问题类别, 类别]
          x-codelist: category

      """#
    ),
    (
      "reference/units.csv",
      """
      code,name,name_en,aliases,region,type,planned,team
      U01,示例县人力资源局,Example County HR Bureau,县人力局|人力局,900101,部门,是,T1
      U02,示例县教育局,Example County Education Bureau,县教育局|教育局,900101,部门,是,T1
      U03,示例县第一中学,Example County No. 1 School,县一中,900101,学校,是,T2
      U04,示例市科技园,Example City Science Park,科技园,900102,园区,是,T2

      """
    ),
    (
      "reference/teams.csv",
      """
      code,name,name_en,aliases
      T1,第一督查组,Team 1,一组|第一组
      T2,第二督查组,Team 2,二组|第二组

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
      interview,个别访谈,Interview,访谈|谈话
      ledger,查阅台账,Consulting ledgers,查台账
      site,实地走访,Site visit,走访
      report,听取汇报,Hearing reports,汇报

      """
    ),
    (
      "codelists/category.csv",
      """
      code,zh,en,aliases
      policy,政策落实,Policy,政策
      service,服务保障,Service,服务
      funding,资金保障,Funding,资金|经费

      """
    ),
    (
      "inbox/第一督查组/访谈台账-示例.csv",
      """
      单位,督查组,走访日期,方式,访谈人数,特色亮点,存在问题,问题类别
      示例县人力资源局,一组,2024-05-07,个别访谈,3,"1.一窗受理
      2.限时办结",无,
      ,,,查阅台账,2,,1.台账更新不及时；2.分工不明,政策
      县教育局,一组,5月8日,访谈,十二,教师公寓已交付,经费拨付较慢,资金保障
      县一中,二组,2024/5/9,实地走访,１５,,宿舍热水供应不足,服务
      科技园,二组,2024年5月10日,听取汇报,5人,1.设立专家工作站,,
      科技园,二组,2024-05-32,访谈,4,,这一行的日期不存在，会被退回并说明原因,服务

      """
    ),
  ]
}
